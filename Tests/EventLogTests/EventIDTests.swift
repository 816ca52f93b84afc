import EventLog
import Testing

@Suite struct EventIDTests {
  @Test func timeOrderedHoldsTimeVersionAndVariant() {
    var random = SeededGenerator(state: 7)
    for milliseconds: UInt64 in [0, 1, 1_740_421_800_123, 0xFFFF_FFFF_FFFF] {
      for part: Int64 in [0, 999] {
        let instant = Instant(microseconds: Int64(milliseconds) * 1000 + part)
        let id = EventID.timeOrdered(at: instant, using: &random)
        #expect(id.high >> 16 == milliseconds)
        #expect(id.high >> 12 & 0xF == 7)
        #expect(id.low >> 62 == 0b10)
      }
    }
  }

  @Test func timeOrderedBefore1970IsTheFirstMoment() {
    var random = SeededGenerator(state: 7)
    for microseconds in [Int64.min, -1] {
      let id = EventID.timeOrdered(at: Instant(microseconds: microseconds), using: &random)
      #expect(id.high >> 16 == 0)
    }
  }

  @Test func timeOrderedTakesEveryRandomBit() {
    var random = SeededGenerator(state: 3)
    var (ones, zeros) = (EventID(high: 0, low: 0), EventID(high: .max, low: .max))
    for _ in 0..<200 {
      let id = EventID.timeOrdered(at: Instant(microseconds: 0), using: &random)
      ones = EventID(high: ones.high | id.high, low: ones.low | id.low)
      zeros = EventID(high: zeros.high & id.high, low: zeros.low & id.low)
    }
    #expect(ones == EventID(high: 0x7FFF, low: 0xBFFF_FFFF_FFFF_FFFF))
    #expect(zeros == EventID(high: 0x7000, low: 0x8000_0000_0000_0000))
  }

  @Test func timeOrderedSortsByTime() {
    var random = SeededGenerator(state: 5)
    let ids = (0..<1000).map {
      EventID.timeOrdered(at: Instant(microseconds: $0 * 1000), using: &random)
    }
    #expect(ids == ids.sorted())
    #expect(ids.map(\.description) == ids.map(\.description).sorted())
  }

  @Test func derivedHoldsOrderVersionAndDigest() {
    let zero = EventID.derived(order: 0, digest: Array(repeating: 0, count: 32))
    #expect(zero.description == "00000000-0000-8000-8000-000000000000")
    let full = EventID.derived(order: .max, digest: Array(repeating: 0xFF, count: 32))
    #expect(full.description == "ffffffff-ffff-8fff-bfff-ffffffffffff")
    let some = EventID.derived(
      order: 0x0123_4567_89AB, digest: [0xF1, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x01, 0x23])
    #expect(some.description == "01234567-89ab-8123-9159-e26af37bc048")
  }

  @Test func derivedTakesTenBytes() {
    let digest = (0..<32).map { UInt8($0) }
    let id = EventID.derived(order: 1, digest: digest)
    #expect(id == .derived(order: 1, digest: Array(digest.prefix(10))))
    #expect(id != .derived(order: 1, digest: Array(digest.dropFirst())))
  }

  @Test func derivedTellsDigestsApart() {
    var random = SeededGenerator(state: 11)
    var seen: Set<EventID> = []
    for _ in 0..<1000 {
      let digest = (0..<10).map { _ in UInt8.random(in: 0...255, using: &random) }
      seen.insert(.derived(order: 1, digest: digest))
    }
    #expect(seen.count == 1000)
    let ordered = (0..<100).map {
      EventID.derived(order: $0, digest: Array(repeating: UInt8(255 - $0), count: 10))
    }
    #expect(ordered == ordered.sorted())
  }

  @Test func textAndBytesAreReadAgain() {
    var random = SeededGenerator(state: 13)
    for _ in 0..<1000 {
      let id = EventID(high: random.next(), low: random.next())
      #expect(EventID(id.description) == id)
      #expect(EventID(id.description.uppercased()) == id)
      #expect(EventID(bytes: id.bytes) == id)
      #expect(id.bytes.count == 16)
    }
    let id = EventID(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF)
    #expect(id.description == "00112233-4455-6677-8899-aabbccddeeff")
    #expect(id.bytes == (0..<16).map { UInt8($0 * 0x11) })
  }

  @Test(arguments: [
    "", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
    "00112233445566778899aabbccddeeff", "{0112233-4455-6677-8899-aabbccddeef}",
    "00112233-4455-6677-8899_aabbccddeeff", "0011223-34455-6677-8899-aabbccddeeff",
    "g0112233-4455-6677-8899-aabbccddeeff", "é112233-4455-6677-8899-aabbccddeeff",
  ])
  func refuses(text: String) {
    #expect(EventID(text) == nil)
  }

  @Test(arguments: [0, 15, 17])
  func refusesOtherCounts(count: Int) {
    #expect(EventID(bytes: Array(repeating: 0, count: count)) == nil)
  }

  @Test func ordersAsItsBytesDo() {
    var random = SeededGenerator(state: 17)
    for _ in 0..<1000 {
      let a = EventID(high: random.next() >> 62, low: random.next() >> 62)
      let b = EventID(high: random.next() >> 62, low: random.next() >> 62)
      #expect((a < b) == a.bytes.lexicographicallyPrecedes(b.bytes))
    }
  }
}
