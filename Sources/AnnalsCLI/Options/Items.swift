import Annals
import AnnalsAnswers

/// The parameters of a question, collected from the options of a command.
struct Items: ExpressibleByDictionaryLiteral {
  private(set) var list: [QuestionReader.Item]

  init(dictionaryLiteral elements: (String, any ItemValue)...) {
    list = elements.flatMap { name, value in value.texts.map { (name: name, text: $0) } }
  }

  static func + (a: Items, b: Items) -> Items {
    var sum = a
    sum.list += b.list
    return sum
  }
}

/// A value of an option, as the texts that a question reads; none for one that was not given.
protocol ItemValue {
  var texts: [String] { get }
}

extension String: ItemValue {
  var texts: [String] { [self] }
}

extension Int: ItemValue {
  var texts: [String] { [String(self)] }
}

extension Bool: ItemValue {
  var texts: [String] { self ? ["true"] : [] }
}

extension Optional: ItemValue where Wrapped: ItemValue {
  var texts: [String] { self?.texts ?? [] }
}

extension [String]: ItemValue {
  var texts: [String] { self }
}

extension Answer {
  /// The answer as the type that the question gives.
  func expected<Expected: Answer>(_ type: Expected.Type = Expected.self) throws -> Expected {
    guard let answer = self as? Expected else {
      throw Problem(.internal, "a question answered with \(Self.self), not \(type)")
    }
    return answer
  }
}
