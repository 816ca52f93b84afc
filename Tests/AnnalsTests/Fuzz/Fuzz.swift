import Foundation
import Testing

/// Runs a parser on damaged texts, many times: `ANNALS_LONG` two hundred times as often, with figures.
/// What fails is made again with the seed that is printed: `ANNALS_SEED=…`.
struct Fuzz {
  private static let settings = ProcessInfo.processInfo.environment
  static let isLong = settings["ANNALS_LONG"] != nil
  static let seed = settings["ANNALS_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000_000)

  /// A text that takes longer than this hangs. Run beside all other tests, one that takes a millisecond
  /// has been seen to wait for many seconds for its turn.
  private static let patience = Duration.seconds(60)

  /// `body` answers whether it took the text for a good one. At least one in `one` must be, where given,
  /// else the damage is too great to reach what stands behind the first check.
  static func run(
    _ name: String, rounds: Int, accepting one: Int? = nil,
    _ body: (inout SplitMix) async throws -> Bool
  ) async {
    var random = SplitMix(seed: seed)
    var (done, accepted) = (0, 0)
    let start = ContinuousClock.now
    let count = isLong ? rounds * 200 : rounds
    print("fuzz \(name): seed \(seed)")
    while done < count {
      let began = ContinuousClock.now
      do {
        accepted += try await body(&random) ? 1 : 0
      } catch {
        Issue.record("\(name), seed \(seed), round \(done): \(error)")
        return
      }
      done += 1
      let taken = ContinuousClock.now - began
      if taken > patience { Issue.record("\(name), seed \(seed), round \(done): \(taken)") }
    }
    if let one {
      #expect(accepted * one >= count, "\(name): \(accepted) of \(count) were accepted")
    }
    if isLong {
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      print("fuzz \(name): \(count) executions, \(accepted) accepted, \(Int(seconds)) s")
    }
  }
}

extension SplitMix {
  /// Bytes that mean something to one of the parsers.
  private static let marks =
    Array("{}[]()\",:;\\/#|-+.%?~XTZ09eE= \n\r\t{{}}&*!<>'éı€🗳\u{0}\u{7F}\u{FEFF}".utf8)
    + [0x80, 0xC0, 0xED, 0xF4, 0xFF]

  /// A text with one to three changes: overwritten, inserted, removed, flipped, cut, repeated, or
  /// crossed with another of the corpus.
  mutating func damaged(_ corpus: [[UInt8]]) -> [UInt8] {
    var bytes = corpus.randomElement(using: &self) ?? []
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      if bytes.isEmpty { bytes = [0x20] }
      let at = Int.random(in: 0..<bytes.count, using: &self)
      let end = min(bytes.count, at + Int.random(in: 1...30, using: &self))
      switch Int.random(in: 0..<8, using: &self) {
      case 0: bytes[at] = Self.marks.randomElement(using: &self) ?? 0
      case 1: bytes.insert(Self.marks.randomElement(using: &self) ?? 0, at: at)
      case 2: bytes.remove(at: at)
      case 3: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 4: bytes.removeSubrange(at..<end)
      case 5: bytes.insert(contentsOf: bytes[at..<end], at: at)
      case 6: bytes.removeSubrange(at...)
      default:
        let other = corpus.randomElement(using: &self) ?? []
        guard !other.isEmpty else { continue }
        let start = Int.random(in: 0..<other.count, using: &self)
        bytes.replaceSubrange(at..<end, with: other[start..<min(other.count, start + end - at)])
      }
    }
    return bytes
  }
}
