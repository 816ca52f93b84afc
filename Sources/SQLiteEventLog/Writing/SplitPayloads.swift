import EventLog

/// The payloads of a request, taken apart: each shape once, and for each event which it has, with
/// the values of its own.
struct SplitPayloads: Sendable {
  private static let remembered = 6

  /// The shapes, and how many events have each.
  private(set) var shapes: [(text: [UInt8], count: Int)] = []
  /// By event the index of its shape; -1 for a payload that has none.
  private var ofEvents: [Int32] = []
  private var values: [UInt8] = []
  /// Where in `values` those of each event begin.
  private var starts: [Int] = [0]

  init(_ events: [NewEvent], _ tags: RequestTags) {
    var indices: [[UInt8]: Int32] = [:]
    // Most payloads are of a shape that was met a moment ago: found without hashing.
    var recent: [Int32] = []
    var shape: [UInt8] = []
    ofEvents.reserveCapacity(events.count)
    starts.reserveCapacity(events.count + 1)
    for (number, event) in events.enumerated() {
      let own = tags[number]
      shape.removeAll(keepingCapacity: true)
      let isSplit = PayloadShape.split(
        event.body, tagCount: own.count,
        isTag: { tag, text in
          let value = tags.values[Int(own[own.startIndex + tag])]
          return value.count == text.count && value.elementsEqual(text)
        }, into: &shape, values: &values)
      if isSplit {
        if let known = recent.first(where: { shapes[Int($0)].text == shape }) {
          shapes[Int(known)].count += 1
          ofEvents.append(known)
        } else {
          let index = indices[shape] ?? Int32(shapes.count)
          if index == shapes.count {
            indices[shape] = index
            shapes.append((shape, 0))
          }
          shapes[Int(index)].count += 1
          ofEvents.append(index)
          if recent.count == Self.remembered { recent.removeFirst() }
          recent.append(index)
        }
      } else {
        values.removeLast(values.count - (starts.last ?? 0))
        ofEvents.append(-1)
      }
      starts.append(values.count)
    }
  }

  /// The index of an event's shape, nil when it has none, and the values that are its own.
  subscript(event: Int) -> (shape: Int, values: ArraySlice<UInt8>)? {
    let shape = ofEvents[event]
    return shape < 0 ? nil : (Int(shape), values[starts[event]..<starts[event + 1]])
  }
}
