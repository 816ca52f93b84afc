import ArgumentParser

/// `--color`.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
  case auto, always, never

  /// NO_COLOR (any value) and CLICOLOR_FORCE are honoured as no-color.org and bixense.com say;
  /// the option wins over both.
  func isOn(isTerminal: Bool, isDumb: Bool) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      if System.environment("NO_COLOR") != nil {
        false
      } else if let force = System.environment("CLICOLOR_FORCE"), force != "0" {
        true
      } else {
        isTerminal && !isDumb
      }
    }
  }
}

/// The few styles in use. Nothing is said by colour alone.
struct Palette: Sendable {
  let isOn: Bool

  func bold(_ text: String) -> String { styled(text, "1") }
  func dim(_ text: String) -> String { styled(text, "2") }
  func error(_ text: String) -> String { styled(text, "1;31") }

  private func styled(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
