/// Percent signs in addresses.
package enum PercentEncoding {
  /// A text as a value in a query; slashes stay.
  package static func value(_ text: String) -> String { encoded(text) { $0 == UInt8(ascii: "/") } }

  /// A text as one segment of a path.
  package static func segment(_ text: String) -> String { encoded(text) { _ in false } }

  private static func encoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      case let byte where isKept(byte): encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return encoded
  }
}
