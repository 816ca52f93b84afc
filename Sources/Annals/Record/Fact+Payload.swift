public import EventLog

extension Fact {
  /// The payload with corrections applied; nil when the fact is of another type or version.
  ///
  /// Throws `DecodingError` when it does not fit, as after a correction with a later version of
  /// the type.
  public func payload<Payload: EventPayload>(_ payload: Payload.Type) throws -> Payload? {
    root.type == Payload.type ? try data.decode(Payload.self) : nil
  }
}

extension RecordedEvent {
  /// The payload as recorded; nil when the event is of another type or version.
  public func payload<Payload: EventPayload>(_ payload: Payload.Type) throws -> Payload? {
    type == Payload.type ? try EventBody(event.body).data.decode(Payload.self) : nil
  }
}
