extension Unicode.Scalar {
  /// Whether a terminal would obey the character, or show text around it in another order: C0 and C1
  /// controls, line separators, and the marks that set, embed, override or isolate a direction.
  /// Events may come from anyone.
  package var isUnsafeToShow: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}

extension StringProtocol {
  /// The text with another text in the place of each character that is unsafe to show.
  package func replacingUnsafe(_ shown: (Unicode.Scalar) -> String) -> String {
    if !unicodeScalars.contains(where: \.isUnsafeToShow) { return String(self) }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.isUnsafeToShow {
        text.append(contentsOf: shown(scalar).unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
