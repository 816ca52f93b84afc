/// Finds what is wrong with a payload that is to be stored: it must be canonical JSON (RFC 8785) of
/// one object. For all back ends.
package struct CanonicalCheck {
  private var tape = JSONTape(limits: JSONTape.Limits(bytes: .max))

  package init() {}

  /// What is wrong, to follow "the body"; nil when nothing is.
  package mutating func fault(of body: [UInt8]) -> String? {
    do throws(JSONSyntaxError) {
      try tape.parse(body)
    } catch {
      return "is not JSON: \(error.message), at byte \(error.offset)"
    }
    guard tape.kind(tape.root) == .object else {
      return "is a JSON \(tape.kind(tape.root)), not an object"
    }
    guard JSONWriter.isCanonical(tape) else {
      return "is not in the canonical form of RFC 8785: without spaces, keys in order, strings and"
        + " numbers in their one spelling"
    }
    return nil
  }
}
