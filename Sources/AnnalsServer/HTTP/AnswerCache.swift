#if Serve
import Crypto
import Synchronization

/// Keeps earlier answers. The key of an answer is the question, the state of the record, and the number
/// of erased payloads; an answer with the same key never changes.
///
/// Two generations bound the memory. When the young generation is full, it becomes the old one, and the
/// old one is dropped. An answer that is used again moves into the young generation.
final class AnswerCache: Sendable {
  private struct Generations {
    var young: [[UInt8]: Reply] = [:]
    var old: [[UInt8]: Reply] = [:]
    var bytes = 0
  }

  /// Bytes of a generation, and the longest answer that is kept.
  private static let (room, longest) = (16 << 20, 1 << 20)
  /// About so many bytes are needed for any answer: an answer without a line takes room, too.
  private static let overhead = 1 << 10
  private let generations = Mutex(Generations())

  /// The key of a question. Each part stands behind its length, so that no part can pass for two others.
  static func key(_ parts: [String]) -> [UInt8] {
    var hash = SHA256()
    for part in parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
    return Array(hash.finalize())
  }

  func reply(for key: [UInt8]) -> Reply? {
    generations.withLock { generations in
      if let reply = generations.young[key] { return reply }
      guard let reply = generations.old[key] else { return nil }
      Self.keep(reply, key, &generations)
      return reply
    }
  }

  func keep(_ reply: Reply, for key: [UInt8]) {
    generations.withLock { Self.keep(reply, key, &$0) }
  }

  private static func keep(_ reply: Reply, _ key: [UInt8], _ generations: inout Generations) {
    guard case .bytes(let bytes) = reply.body, bytes.count <= longest else { return }
    let size = bytes.count + overhead
    if generations.bytes + size > room {
      generations.old = generations.young
      generations.young = [:]
      generations.bytes = 0
    }
    if generations.young.updateValue(reply, forKey: key) == nil { generations.bytes += size }
  }
}
#endif
