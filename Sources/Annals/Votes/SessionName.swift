/// A session as a body writes it, made comparable: `XXX` and `30` are one session, and so are `ES-V`
/// and `es-5`.
struct SessionName: Hashable, Sendable {
  /// The number, with what stands before it: `77`, `ES-11`.
  let text: String
  /// What stands before the number, and the number itself, for order.
  private let prefix: String
  private let number: Int

  init(_ written: some StringProtocol) {
    let name = written.uppercased()
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let last = parts.last.map(String.init) ?? ""
    guard let number = Int(last) ?? Self.roman(last) else {
      (text, prefix, number) = (name, name, 0)
      return
    }
    prefix = parts.dropLast().joined(separator: "-")
    self.number = number
    text = prefix.isEmpty ? String(number) : "\(prefix)-\(number)"
  }

  static func < (a: SessionName, b: SessionName) -> Bool {
    a.prefix == b.prefix ? a.number < b.number : a.prefix.utf8Precedes(b.prefix)
  }

  /// Roman numerals of I, V and X, up to XXXIX; nil for anything else.
  private static func roman(_ text: String) -> Int? {
    let tens = text.prefix { $0 == "X" }
    // The X of IX is no ten.
    let ones = text.dropFirst(tens.count)
    let values = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    guard tens.count < 4, !text.isEmpty, let value = values.firstIndex(of: String(ones)) else {
      return nil
    }
    return tens.count * 10 + value
  }
}

extension SessionName: Comparable {}
