extension JSONSchema {
  /// The values of the keyword `format`, by name. The list is closed: a schema that names another
  /// one is refused.
  public struct Formats: Sendable {
    /// Says what is wrong with a text; nil when it has the form.
    public typealias Check = @Sendable (String) -> FormatFault?
    /// Whether a text, in UTF-8, has the form. Must agree with the check.
    public typealias Test = @Sendable (UnsafeBufferPointer<UInt8>) -> Bool

    struct Format: Sendable {
      var name: String
      var test: Test?
      var check: Check
    }

    private var formats: [String: Format] = [:]

    /// No formats at all; see `standard`.
    public init() {}

    /// Adds a format, or replaces one. `test` comes first where it is given, and spares the making
    /// of a `String` for every valid text.
    public mutating func add(_ name: String, test: Test? = nil, _ check: @escaping Check) {
      formats[name] = Format(name: name, test: test, check: check)
    }

    public var names: [String] { formats.keys.sorted() }

    subscript(name: String) -> Format? { formats[name] }
  }
}

extension JSONSchema.Formats {
  /// date, edtf, hex, language, slug, uri (http and https), uuid.
  public static let standard: JSONSchema.Formats = {
    var formats = JSONSchema.Formats()
    formats.add("date", test: TextForm.isDate) { text in
      isDate(text)
        ? nil
        : FormatFault(
          "\"\(text)\" is not a date", code: .badDate,
          help: "write it as YYYY-MM-DD, such as 2025-02-24")
    }
    formats.add("edtf", test: { (try? EDTFValue(utf8: $0)) != nil }) { text in
      do throws(EDTFError) {
        _ = try EDTF(text)
        return nil
      } catch {
        return FormatFault(
          error.message, code: .badDate, help: error.help, suggestion: error.suggestion)
      }
    }
    formats.add(
      "hex", form: TextForm.isHexadecimal, noun: "hexadecimal",
      help: "an even number of digits 0–9 and a–f")
    formats.add(
      "language", form: TextForm.isLanguage, noun: "a language code",
      help: "a BCP 47 tag, such as en, uk or zh-Hant")
    formats.add("slug", test: TextForm.isSlug) { text in
      isForm(text, TextForm.isSlug)
        ? nil
        : FormatFault(
          "\"\(text)\" is not an id",
          help: "1 to \(TextForm.slugLimit) letters (A–Z, a–z), digits and . _ / - with a letter "
            + "or digit first", suggestion: Slug.probable(from: text))
    }
    formats.add(
      "uri", form: TextForm.isWebAddress, noun: "a web address",
      help: "it starts with https:// or http:// and has neither spaces nor characters outside "
        + "ASCII; write those as %20 and the like")
    formats.add(
      "uuid", form: TextForm.isUUID, noun: "a UUID",
      help: "32 hexadecimal digits in groups of 8-4-4-4-12")
    return formats
  }()

  private mutating func add(_ name: String, form: @escaping Test, noun: String, help: Help) {
    add(name, test: form) { text in
      isForm(text, form) ? nil : FormatFault("\"\(text)\" is not \(noun)", help: help)
    }
  }
}

private func isForm(_ text: String, _ form: JSONSchema.Formats.Test) -> Bool {
  var text = text
  return text.withUTF8(form)
}

private func isDate(_ text: String) -> Bool { isForm(text, TextForm.isDate) }
