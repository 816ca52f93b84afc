/// A list of texts in one block of bytes, for finding which of them a text is. Going through a short
/// one is quicker than a hash.
struct ByteTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where each text ends.
  private var ends: [Int] = []
  /// The indices of the texts of a long list.
  private var indices: [[UInt8]: Int] = [:]

  private static let longest = 64

  init(_ texts: some Sequence<String>) {
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      ends.append(bytes.count)
    }
    guard ends.count > Self.longest else { return }
    for (index, end) in ends.enumerated() {
      let text = Array(bytes[(index == 0 ? 0 : ends[index - 1])..<end])
      if indices[text] == nil { indices[text] = index }
    }
  }

  /// The index of `text`; looks from `hint` on first.
  func index(of text: UnsafeBufferPointer<UInt8>, hint: Int = 0) -> Int? {
    if !indices.isEmpty { return indices[Array(text)] }
    return bytes.withUnsafeBufferPointer { bytes in
      ends.withUnsafeBufferPointer { ends in
        for index in hint..<max(hint, ends.count) where isSame(text, bytes, ends, index) {
          return index
        }
        for index in 0..<min(hint, ends.count) where isSame(text, bytes, ends, index) {
          return index
        }
        return nil
      }
    }
  }

  @inline(__always)
  private func isSame(
    _ text: UnsafeBufferPointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>,
    _ ends: UnsafeBufferPointer<Int>, _ index: Int
  ) -> Bool {
    let start = index == 0 ? 0 : ends[index - 1]
    guard ends[index] - start == text.count else { return false }
    // Texts that differ mostly do so at the end: names with a prefix in common.
    var at = text.count - 1
    while at >= 0, text[at] == bytes[start + at] { at -= 1 }
    return at < 0
  }
}
