import AnnalsAnswers

/// How an answer is laid out for people.
protocol Layout {
  associatedtype Document: Answer
  /// The answer as programs read it.
  var document: Document { get }
  func lines(on terminal: Terminal) -> [String]
}

extension Layout where Self: Answer {
  var document: Self { self }
}
