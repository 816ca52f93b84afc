/// The pages about the record itself: changes, the log, sources, actors, health.
extension Address {
  package static let log = Address("log")
  package static let changes = Address("changes")
  package static let swings = Address("swings")
  package static let difference = Address("difference")
  package static let sources = Address("sources")
  package static let actors = Address("actors")
  package static let record = Address("record")
  package static let find = Address("find")

  /// The events in which a text occurs.
  package static func log(holding text: String) -> Address { log.with("text", text) }

  /// What differs between two states of the record, on an actor's stance on a day of the world.
  package static func difference(
    _ actor: String, _ topic: String, knownBy range: String, on day: String?
  ) -> Address {
    difference.with("actor", actor).with("topic", topic).with("known_by", range).with("on", day)
  }
}
