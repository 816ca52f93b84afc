import Annals
import EventLog
import Testing

/// One of the payload structures of the library, for tests that go over all of them.
struct PayloadType: Sendable, CustomTestStringConvertible {
  let payload: any EventPayload.Type

  static let all: [PayloadType] = [
    PayloadType(payload: ActionTaken.self), PayloadType(payload: ActorIdentified.self),
    PayloadType(payload: ActorMerged.self), PayloadType(payload: ActorNamed.self),
    PayloadType(payload: ActorRegistered.self), PayloadType(payload: ActorSucceeded.self),
    PayloadType(payload: ClaimMade.self), PayloadType(payload: DisputeSettled.self),
    PayloadType(payload: FactCorrected.self), PayloadType(payload: FactDisputed.self),
    PayloadType(payload: FactRetracted.self), PayloadType(payload: ImportCompleted.self),
    PayloadType(payload: MembershipHeld.self), PayloadType(payload: MotionAmended.self),
    PayloadType(payload: MotionTabled.self), PayloadType(payload: MotionWithdrawn.self),
    PayloadType(payload: PayloadErased.self), PayloadType(payload: RelationAsserted.self),
    PayloadType(payload: RoleHeld.self), PayloadType(payload: RollCallHeld.self),
    PayloadType(payload: SourceCaptured.self), PayloadType(payload: SponsorshipDeclared.self),
    PayloadType(payload: StanceChanged.self), PayloadType(payload: StatementMade.self),
    PayloadType(payload: TopicDefined.self), PayloadType(payload: TopicLinked.self),
    PayloadType(payload: TopicRetired.self), PayloadType(payload: VoteCast.self),
  ]

  var type: EventType { payload.type }
  var testDescription: String { type.name }

  /// What comes back from the Swift structure.
  func roundTrip(_ value: JSON) throws -> JSON { try JSON(encoding: value.decode(payload)) }

  func definition(in vocabulary: Vocabulary = .builtIn) throws -> EventTypeDefinition {
    try #require(vocabulary.definition(type.name, version: type.version))
  }
}

extension JSONSchema {
  /// What the schema refuses in a value, read from its text.
  func faults(in value: JSON) throws -> [SchemaFault] {
    var tape = JSONTape()
    try tape.parse(Array(JSONWriter.compact(value).utf8))
    var faults: [SchemaFault] = []
    validate(tape, tape.root, into: &faults)
    return faults
  }
}
