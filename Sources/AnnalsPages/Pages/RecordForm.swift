import AnnalsAnswers

/// A form that narrows a page about the record. It shows the values that the page was asked with.
struct RecordForm {
  private let question: RecordQuestion
  private let action: Address
  /// Values of the address that the form does not show, and does not keep.
  var dropping: Set<String> = ["after"]
  /// The page without what was chosen; nil where nothing was.
  var cleared: Address?
  private var form: QuestionForm
  private var shown: Set<String> = []

  /// `action` is the page that answers.
  init(_ question: RecordQuestion, _ action: Address) {
    self.question = question
    self.action = action
    form = QuestionForm(action)
    cleared = question.written.isEmpty ? nil : action
  }

  /// A field of one line, with its label and a hint how to fill it in.
  mutating func text(_ name: String, _ label: HTML, hint: HTML) {
    shown.insert(name)
    form.text(name, label, question.value(name), hint: hint)
  }

  /// A field with a few choices; the first stands for all of them.
  mutating func choice(
    _ name: String, _ label: HTML, all: HTML, _ options: [(value: String, words: HTML)]
  ) {
    shown.insert(name)
    form.choice(name, label, question.value(name), among: [(value: "", words: all)] + options)
  }

  /// A box to tick.
  mutating func box(_ name: String, _ label: HTML) {
    shown.insert(name)
    let isOn = question.value(name).map { $0 != "false" } ?? false
    form.flags([(name: name, label: label, isOn: isOn)])
  }

  /// The state of the record that the page shows.
  mutating func knownBy() {
    shown.insert("known_by")
    form.knownBy(question.value("known_by"))
  }

  func html(_ context: PageContext) -> HTML {
    var form = form
    var seen = dropping
    for item in question.written {
      // The first value of a field stands in it; others, of one that may be repeated, are kept.
      let isFirst = shown.contains(item.name) && seen.insert(item.name).inserted
      if isFirst || dropping.contains(item.name) { continue }
      form.address = form.address.with(item.name, item.text)
    }
    return form.html("Show", cleared: cleared, context)
  }
}
