/// A parser, and the properties of every input that it accepts.
enum Target: String, CaseIterable {
  case json
  case eventID = "event-id"
  case instant, note, checkpoint, proof, policy, key, memory
  case edtf, moment
  case foreignDate = "foreign-date"
  case csv, yaml, mapping, template, view, schema
  case value, event, export

  func run(_ bytes: [UInt8]) throws {
    switch self {
    case .json: try LogTargets.json(bytes)
    case .eventID: LogTargets.eventID(bytes)
    case .instant: LogTargets.instant(bytes)
    case .note: LogTargets.note(bytes)
    case .checkpoint: LogTargets.checkpoint(bytes)
    case .proof: LogTargets.proof(bytes)
    case .policy: LogTargets.policy(bytes)
    case .key: LogTargets.key(bytes)
    case .memory: try RecordTargets.memory(bytes)
    case .edtf: try RecordTargets.edtf(bytes)
    case .moment: RecordTargets.moment(bytes)
    case .foreignDate: RecordTargets.foreignDate(bytes)
    case .csv: try RecordTargets.csv(bytes)
    case .yaml: RecordTargets.yaml(bytes)
    case .mapping: try RecordTargets.mapping(bytes)
    case .template: try RecordTargets.template(bytes)
    case .view: try RecordTargets.view(bytes)
    case .schema: try RecordTargets.schema(bytes)
    case .value: RecordTargets.value(bytes)
    case .event: RecordTargets.event(bytes)
    case .export: try RecordTargets.export(bytes)
    }
  }
}
