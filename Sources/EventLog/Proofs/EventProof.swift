import Crypto

/// What a proof file's extra data says of an event: its canonical header, and unless it was erased or
/// is withheld, its payload with the salt.
///
///     {"body": payload, "header": canonical header, "salt": "32 hex digits"}
///
/// as canonical JSON (RFC 8785). The header is what the log's tree holds; the payload is bound to it
/// by the header's `body`, which is `SHA-256(salt ‖ payload)`.
public struct EventProof: Sendable {
  public struct Payload: Sendable {
    /// Canonical JSON of one object.
    public var body: [UInt8]
    public var salt: [UInt8]

    public init(body: [UInt8], salt: [UInt8]) {
      (self.body, self.salt) = (body, salt)
    }
  }

  /// The canonical bytes of the event, see `CanonicalEvent`.
  public let header: [UInt8]
  /// The same as a value.
  public let members: JSONObject
  /// Nil when it was erased, or is not shown.
  public let payload: Payload?

  public init(header: [UInt8], payload: Payload?) throws(ProofError) {
    try self.init(extra: Self.extra(header, payload))
  }

  /// Reads the extra data of a proof file; throws unless the payload is the one that the header is
  /// bound to.
  public init(extra: [UInt8]) throws(ProofError) {
    var tape = JSONTape(limits: .init(depth: 128, bytes: ProofFile.byteLimit))
    var canonical: [UInt8] = []
    do {
      try tape.parse(extra)
      try JSONWriter.canonical(tape, tape.root, into: &canonical, integersOnly: true)
    } catch is JSONWriter.InexactNumber {
      throw ProofError(.malformed, "the extra data has a number that is not written as an integer")
    } catch {
      throw ProofError(.malformed, "the extra data is not canonical JSON: \(error)")
    }
    guard canonical == extra, case .object(let object) = tape.value(tape.root) else {
      throw ProofError(.malformed, "the extra data is not canonical JSON of one object")
    }
    if let stranger = object.first(where: { !["body", "header", "salt"].contains($0.key) }) {
      throw ProofError(.malformed, "the extra data has an unknown member \"\(stranger.key)\"")
    }
    guard let header = object["header"], case .object(let members) = header else {
      throw ProofError(.malformed, "the extra data has no header of an event")
    }
    guard case .integer(let position) = members["seq"], position > 0,
      case .string(let commitment) = members["body"],
      [UInt8](hexDigits: commitment)?.count == CanonicalEvent.commitmentLength,
      case .string = members["type"], case .string = members["id"]
    else {
      throw ProofError(
        .malformed, "the header has no position (seq), no commitment (body), no type or no id")
    }
    self.header = JSONWriter.canonical(header)
    self.members = members
    switch (object["body"], object["salt"]) {
    case (nil, nil):
      payload = nil
    case (.object(let body)?, .string(let digits)?):
      guard let salt = Self.salt(digits) else {
        throw ProofError(.malformed, "the salt is not 32 lower-case hex digits")
      }
      let bytes = JSONWriter.canonical(.object(body))
      var digits: [UInt8] = []
      for byte in CanonicalEvent.commitment(salt: salt, body: bytes) { digits.append(hex: byte) }
      guard commitment.utf8.elementsEqual(digits) else {
        throw ProofError(
          .mismatch, "the payload is not the one that was recorded: its header names another hash")
      }
      payload = Payload(body: bytes, salt: salt)
    default:
      throw ProofError(.malformed, "a payload stands there with its salt, or neither does")
    }
  }

  /// The extra data of a proof file.
  public var extra: [UInt8] { Self.extra(header, payload) }

  private static func extra(_ header: [UInt8], _ payload: Payload?) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append("{")
    if let payload {
      bytes.append(#""body":"#)
      bytes += payload.body
      bytes.append(",")
    }
    bytes.append(#""header":"#)
    bytes += header
    if let payload {
      bytes.append(#","salt":""#)
      for byte in payload.salt { bytes.append(hex: byte) }
      bytes.append(#"""#)
    }
    bytes.append("}")
    return bytes
  }

  private static func salt(_ digits: String) -> [UInt8]? {
    let digits = Array(digits.utf8)
    guard digits.count == 2 * CanonicalEvent.saltLength else { return nil }
    var salt: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard !(UInt8(ascii: "A")...UInt8(ascii: "F") ~= digits[index]),
        !(UInt8(ascii: "A")...UInt8(ascii: "F") ~= digits[index + 1]),
        let high = hexadecimalDigit(digits[index]), let low = hexadecimalDigit(digits[index + 1])
      else { return nil }
      salt.append(high << 4 | low)
    }
    return salt
  }

  /// The event's position in its log.
  public var position: Position {
    guard case .integer(let position) = members["seq"] else { return .start }
    return Position(position)
  }
}

extension ProofFile {
  /// The event that this file proves to stand in the log under its checkpoint; throws unless it does.
  /// Who signed the checkpoint is for a policy to say.
  public func event() throws(ProofError) -> EventProof {
    guard let extra else {
      throw ProofError(.malformed, "the proof has no extra data, and so does not say of what it is")
    }
    let event = try EventProof(extra: extra)
    guard event.position.rawValue - 1 == index else {
      throw ProofError(
        .mismatch, "the event is of position \(event.position), and the proof of index \(index)")
    }
    try checkInclusion(of: event.header)
    return event
  }
}
