import Annals
import AnnalsAnswers
import EventLog

/// One `field=value` of `append` and `correct`.
struct FieldArgument {
  let text: String
  let field: FieldText

  init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw Failure.usage(
        "\"\(text)\" is not FIELD=VALUE",
        help: "for example  voter=USA  or  about.topics=ukraine-integrity")
    }
    self.text = text
    guard let field = FieldText(text[..<equals], String(text[text.index(after: equals)...])) else {
      throw Failure.usage("\"\(text[..<equals])\" is not the name of a field")
    }
    self.field = field
  }
}
