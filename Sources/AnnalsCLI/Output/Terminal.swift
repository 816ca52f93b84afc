import EventLog

/// Where the answer and the messages go, and what that means for how they are written.
struct Terminal: Sendable {
  /// True when the answer goes to a screen: fitted to its width, with colours and hints.
  let isInteractive: Bool
  /// True when messages go to a screen: progress lines are redrawn.
  let showsProgress: Bool
  /// nil on a pipe or in a file, where nothing is ever cut.
  let width: Int?
  let height: Int?
  /// Styles for standard output and for standard error.
  let output: Palette
  let messages: Palette
  let isQuiet: Bool

  init(colour: ColourChoice, isQuiet: Bool) {
    isInteractive = System.isTerminal(System.standardOutput)
    let isErrorTerminal = System.isTerminal(System.standardError)
    let isDumb = System.environment("TERM") == "dumb"
    showsProgress = isErrorTerminal && !isDumb && !isQuiet
    let size = isInteractive ? System.windowSize(System.standardOutput) : nil
    // COLUMNS lets a user (or a test) say so where the terminal does not.
    let columns = System.environment("COLUMNS").flatMap(Int.init) ?? size?.columns ?? 80
    width = isInteractive ? max(40, columns) : nil
    height = isInteractive ? size?.rows : nil
    output = Palette(isOn: colour.isOn(isTerminal: isInteractive, isDumb: isDumb))
    messages = Palette(isOn: colour.isOn(isTerminal: isErrorTerminal, isDumb: isDumb))
    self.isQuiet = isQuiet
  }

  /// What a program reads.
  enum Content { case json, text }

  /// What a program reads, as standard output takes it: exact for a pipe or a file; on a screen,
  /// characters that a terminal would obey are made visible.
  func shown(_ bytes: [UInt8], _ content: Content) -> [UInt8] {
    guard isInteractive else { return bytes }
    let text = String(decoding: bytes, as: UTF8.self)
    return Array((content == .json ? text.printableJSON : text.printableLines).utf8)
  }

  /// Writes that to standard output.
  func emit(_ bytes: [UInt8], _ content: Content) {
    System.emit(shown(bytes, content), to: System.standardOutput)
  }

  /// A message beside the answer: a hint, a warning, a note. One line on standard error.
  func note(_ text: String) {
    if !isQuiet { System.emit(Array((text + "\n").utf8), to: System.standardError) }
  }

  /// A hint at what to do next: on a screen only.
  func hint(_ text: String) {
    if isInteractive { note(messages.dim(text)) }
  }
}
