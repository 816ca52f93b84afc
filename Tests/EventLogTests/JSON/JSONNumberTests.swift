import Crypto
import EventLog
import Foundation
import Testing

/// RFC 8785, section 3.2.2.3 and appendix B.
@Suite struct JSONNumberTests {
  @Test(
    arguments: [
      (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
      (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
      (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
      (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
      (0x4340_0000_0000_0000, "9007199254740992"), (0xc340_0000_0000_0000, "-9007199254740992"),
      (0x4430_0000_0000_0000, "295147905179352830000"),
      (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
      (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
      (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
      (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
      (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
      (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
      (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
      (0x41b3_de43_5555_5557, "333333333.33333343"),
      (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
      (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] as [(UInt64, String)])
  func appendixB(bits: UInt64, expected: String) {
    #expect(canonical(.number(Double(bitPattern: bits))) == expected)
  }

  @Test func whatJSONCannotSay() {
    #expect(canonical(.array([.number(.nan), .number(.infinity)])) == "[null,null]")
  }

  /// The deterministic sequence of cyberphone/json-canonicalization, testdata/README.md, whose
  /// digests are published for the first lines.
  @Test(arguments: [
    (1_000, "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687"),
    (10_000, "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892"),
    (100_000, "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7"),
  ])
  func generatedNumbers(lines: Int, digest: String) {
    Self.checkNumbers(lines, digest)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["ANNALS_LONG"] != nil, "takes a minute"))
  func aMillionGeneratedNumbers() {
    Self.checkNumbers(
      1_000_000, "49415fee2c56c77864931bd3624faad425c3c577d6d74e89a83bc725506dad16")
  }

  private static func checkNumbers(_ lines: Int, _ digest: String) {
    var hash = SHA256()
    var numbers = ES6Numbers()
    var text: [UInt8] = []
    for _ in 0..<lines {
      let number = numbers.next()
      text.append(contentsOf: String(number.bitPattern, radix: 16).utf8)
      text.append(UInt8(ascii: ","))
      text.append(contentsOf: JSONWriter.canonical(.number(number)))
      text.append(UInt8(ascii: "\n"))
      if text.count > 4096 {
        text.withUnsafeBytes { hash.update(bufferPointer: $0) }
        text.removeAll(keepingCapacity: true)
      }
    }
    text.withUnsafeBytes { hash.update(bufferPointer: $0) }
    let hexadecimal = hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }
    #expect(hexadecimal.joined() == digest)
  }

  @Test func integersAreExactOrNil() throws {
    let tape = try parsed(
      """
      [0, -0, 7, -12, 9007199254740991, -9007199254740991, 9007199254740992, 1.0, 1e2,
      99999999999999999999999, "1"]
      """)
    #expect(
      tape.elements(tape.root).map { tape.integer($0) } == [
        0, 0, 7, -12, 9_007_199_254_740_991, -9_007_199_254_740_991, nil, nil, nil, nil, nil,
      ])
    #expect(
      tape.elements(tape.root).map { tape.double($0) } == [
        0, 0, 7, -12, 9_007_199_254_740_991, -9_007_199_254_740_991, 9_007_199_254_740_992, 1, 100,
        1e23, nil,
      ])
  }

  @Test(arguments: ["1.5", "1.0", "9007199254740992", "-9007199254740992", "1e2"])
  func inexactNumbersAreRefusedByNode(number: String) throws {
    let tape = try parsed(#"{"a": [1, \#(number)]}"#)
    var bytes: [UInt8] = []
    let error = #expect(throws: JSONWriter.InexactNumber.self) {
      try JSONWriter.canonical(tape, tape.root, into: &bytes, integersOnly: true)
    }
    let node = try #require(error?.node)
    #expect(tape.pointer(to: node) == "/a/1")
    #expect(tape.string(node) == number)
  }

  @Test func integersBeyondTheLimitAreRounded() throws {
    #expect(try recanonicalized("9007199254740993") == "9007199254740992")
    #expect(canonical(.integer(9_007_199_254_740_993)) == "9007199254740992")
    #expect(canonical(.integer(.min)) == "-9223372036854776000")
    #expect(JSONWriter.compact(.integer(.min)) == "-9223372036854775808")
  }
}

/// Edge cases, then 2,000 numbers in series, then what a chain of SHA-256 digests gives.
private struct ES6Numbers {
  private var index = 0
  private var block = [UInt8](repeating: 0, count: 32)
  private var rest: ArraySlice<UInt8> = []
  private let edges: [UInt64]

  init() {
    let powers: [UInt64] = [
      0x4466_9669_5dbd_1cc3, 0x4432_11ed_e497_4a35, 0x43fc_e97c_a0f2_1056, 0x43c7_2130_80c1_a6ac,
      0x4392_80f3_9a34_8556, 0x435d_9b1f_5d20_d557, 0x4327_af4c_4a80_aaac, 0x42f2_f2a3_6ecd_5556,
      0x42be_5105_7e15_5558, 0x4288_40d1_31aa_aaac, 0x4253_670d_c155_5557, 0x421f_0b49_3555_5557,
      0x41e8_d5d4_2aaa_aaac, 0x41b3_de43_5555_5556, 0x417f_ca05_5555_5556, 0x4149_6e6a_aaaa_aaab,
      0x4114_5855_5555_5555, 0x40e0_46aa_aaaa_aaab, 0x40aa_0aaa_aaaa_aaaa, 0x4074_d555_5555_5555,
      0x4040_aaaa_aaaa_aaab, 0x400a_aaaa_aaaa_aaab, 0x3fd5_5555_5555_5555, 0x3fa1_1111_1111_1111,
      0x3f6b_4e81_b4e8_1b4f, 0x3f35_d867_c3ec_e2a5, 0x3f01_79ec_9cbd_821e, 0x3ecb_f647_612f_3696,
      0x3e96_5e9f_80f2_9212, 0x3e61_e54c_6728_74db, 0x3e2c_a213_d840_baf8, 0x3df6_e80f_e033_c8c6,
      0x3dc2_533f_e68f_d3d2, 0x3d8d_51ff_d74c_861c, 0x3d57_74cc_ac3d_3817, 0x3d22_c3d6_f030_f9ac,
      0x3cee_0624_b381_8f79, 0x3cb8_04ea_2934_72c7, 0x3c83_3721_ba90_5bd3, 0x3c4e_be9c_5db3_c61e,
      0x3c18_987d_17c3_04e5, 0x3be3_ad30_dfcf_371d, 0x3baf_7b81_6618_582f, 0x3b79_2f9a_b813_79bf,
      0x3b44_2615_600f_9499, 0x3b10_1e77_800c_76e1, 0x3ad9_ca58_cce0_be35, 0x3aa4_a1e0_a3e6_fe90,
      0x3a70_8180_831f_320d, 0x3a3a_68cd_9e98_5016,
    ]
    let others: [UInt64] = [
      0x4024_0000_0000_0000, 0x4014_0000_0000_0000, 0x3fe0_0000_0000_0000, 0x3fa9_9999_9999_999a,
      0x3f74_7ae1_47ae_147b, 0x3f40_624d_d2f1_a9fc, 0x3f0a_36e2_eb1c_432d, 0x3ed4_f8b5_88e3_68f1,
      0x3ea0_c6f7_a0b5_ed8d, 0x3e6a_d7f2_9abc_af48, 0x3e35_798e_e230_8c3a, 0x3ed5_3922_3589_fa95,
      0x3ed4_ff26_cd5a_7781, 0x3ed4_f95a_7622_83ff, 0x3ed4_f8c6_0703_520c, 0x3ed4_f8b7_2f19_cd0d,
      0x3ed4_f8b5_b31c_0c8d, 0x3ed4_f8b5_8d1c_461a, 0x3ed4_f8b5_894f_7f0e, 0x3ed4_f8b5_88ee_37f3,
      0x3ed4_f8b5_88e4_7da4, 0x3ed4_f8b5_88e3_849c, 0x3ed4_f8b5_88e3_6bb5, 0x3ed4_f8b5_88e3_6937,
      0x3ed4_f8b5_88e3_68f8, 0x3ed4_f8b5_88e3_68f1, 0x3ff0_0000_0000_0000, 0xbff0_0000_0000_0000,
      0xbfef_ffff_ffff_fffa, 0xbfef_ffff_ffff_fffb, 0x3fef_ffff_ffff_fffa, 0x3fef_ffff_ffff_fffb,
      0x3fef_ffff_ffff_fffc, 0x3fef_ffff_ffff_fffe, 0xbfef_ffff_ffff_ffff, 0xbfef_ffff_ffff_ffff,
      0x3fef_ffff_ffff_ffff, 0x3fef_ffff_ffff_ffff, 0x3fd3_3333_3333_3332, 0x3fd3_3333_3333_3333,
      0x3fd3_3333_3333_3334, 0x0010_0000_0000_0000, 0x000f_ffff_ffff_fffd, 0x000f_ffff_ffff_ffff,
      0x7fef_ffff_ffff_ffff, 0xffef_ffff_ffff_ffff, 0x4340_0000_0000_0000, 0xc340_0000_0000_0000,
      0x4430_0000_0000_0000, 0x44b5_2d02_c7e1_4af5, 0x44b5_2d02_c7e1_4af6, 0x44b5_2d02_c7e1_4af7,
      0x444b_1ae4_d6e2_ef4e, 0x444b_1ae4_d6e2_ef4f, 0x444b_1ae4_d6e2_ef50, 0x3eb0_c6f7_a0b5_ed8c,
      0x3eb0_c6f7_a0b5_ed8d, 0x41b3_de43_5555_5553, 0x41b3_de43_5555_5554, 0x41b3_de43_5555_5555,
      0x41b3_de43_5555_5556, 0x41b3_de43_5555_5557, 0xbecb_f647_612f_3696, 0x4314_3ff3_c1cb_0959,
    ]
    let sign: UInt64 = 1 << 63
    edges = [0, sign, 1, sign | 1] + powers.map { $0 | sign } + powers + others
  }

  mutating func next() -> Double {
    defer { index += 1 }
    if index < edges.count { return Double(bitPattern: edges[index]) }
    if index < edges.count + 2000 {
      return Double(bitPattern: 0x0010_0000_0000_0000 + UInt64(index - edges.count))
    }
    while true {
      if rest.isEmpty {
        var hash = SHA256()
        block.withUnsafeBytes { hash.update(bufferPointer: $0) }
        block = Array(hash.finalize())
        rest = block[...]
      }
      let bits = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      rest = rest.dropFirst(8)
      let number = Double(bitPattern: bits)
      if number.isFinite, number != 0 { return number }
    }
  }
}
