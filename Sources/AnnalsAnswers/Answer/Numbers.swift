extension BinaryInteger {
  /// With a comma between groups of three digits: 1,011,060.
  package var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "−" : "") + text
  }
}

extension Int {
  /// `1 change`, `1,200 changes`.
  package func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}
