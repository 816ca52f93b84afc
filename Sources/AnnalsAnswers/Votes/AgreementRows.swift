package import Annals
import EventLog

/// The rows of all pairs as text, written as they are worked out: there may be a million.
package struct AgreementRows: Sendable {
  /// How a row is written. Figures have six decimals in tables.
  package enum Format: Sendable {
    case csv(isExact: Bool)
    case tsv
    case ndjson

    fileprivate var separator: UInt8? {
      switch self {
      case .csv: UInt8(ascii: ",")
      case .tsv: UInt8(ascii: "\t")
      case .ndjson: nil
      }
    }

    fileprivate func cell(_ text: String) -> String {
      switch self {
      case .csv(let isExact): CSVCell.text(text, isExact: isExact)
      default: text
      }
    }
  }

  package let matrix: AgreementMatrix
  package let format: Format

  package init(_ matrix: AgreementMatrix, _ format: Format) {
    self.matrix = matrix
    self.format = format
  }

  /// Hands out the lines in their order, with line feeds. A few groups are worked out side by side.
  package func write(_ emit: ([UInt8]) async throws -> Void) async rethrows {
    if let separator = format.separator {
      let header = AgreementFigures.columns.map { Array($0.utf8) }.joined(separator: [separator])
      try await emit(header + [0x0A])
    }
    // As many at a time as keep the cores busy.
    let width = 4
    for start in stride(from: 0, to: matrix.groups.count, by: width) {
      let range = start..<min(start + width, matrix.groups.count)
      let parts = await withTaskGroup(of: (Int, [UInt8]).self) { tasks in
        for group in range { tasks.addTask { (group, rows(of: group)) } }
        return await tasks.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
      }
      for group in range { try await emit(parts[group] ?? []) }
    }
  }

  private func rows(of group: Int) -> [UInt8] {
    guard let separator = format.separator else {
      return matrix.records(of: group).flatMap { Array(JSONWriter.compact($0).utf8) + [0x0A] }
    }
    let label = Array(format.cell(matrix.label(group) ?? "").utf8) + [separator]
    let names = matrix.actors.map { Array(format.cell($0).utf8) + [separator] }
    let count = matrix.actors(in: group).count
    let longest = names.reduce(0) { max($0, $1.count) }
    let room = count * (count - 1) / 2 * (label.count + 2 * longest + FigureWriter.longest)
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, written in
      guard let start = buffer.baseAddress else { return }
      var writer = FigureWriter(start, separator)
      matrix.pairs(in: group) { a, b, figures in
        writer.write(label)
        writer.write(names[a])
        writer.write(names[b])
        writer.write(figures)
      }
      written = writer.end - start
    }
  }
}

/// Writes figures into memory that is large enough for them.
private struct FigureWriter {
  /// More than the figures of one row take: four counts, and five numbers with six decimals.
  static let longest = 4 * 20 + 5 * 24

  private(set) var end: UnsafeMutablePointer<UInt8>
  private let separator: UInt8

  init(_ start: UnsafeMutablePointer<UInt8>, _ separator: UInt8) {
    end = start
    self.separator = separator
  }

  mutating func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      end.update(from: start, count: bytes.count)
    }
    end += bytes.count
  }

  /// From `n` to `pi`, and the end of the line.
  mutating func write(_ figures: AgreementFigures) {
    write(figures.n)
    write(figures.same)
    write(figures.half)
    write(figures.opposite)
    write(figures.agreement)
    write(figures.s)
    write(figures.identical)
    write(figures.kappa)
    write(figures.pi)
    end[-1] = 0x0A
  }

  private mutating func write(_ number: Int) {
    digits(number)
    byte(separator)
  }

  /// Six decimals; nothing where it is undefined.
  private mutating func write(_ fraction: AgreementFigures.Fraction?) {
    if let fraction {
      let (millionths, isNegative) = fraction.millionths
      if isNegative { byte(0x2D) }
      digits(millionths / 1_000_000)
      byte(0x2E)
      var rest = millionths % 1_000_000
      for place in (0..<6).reversed() {
        end[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      end += 6
    }
    byte(separator)
  }

  private mutating func digits(_ number: Int) {
    if number >= 10 { digits(number / 10) }
    byte(0x30 + UInt8(truncatingIfNeeded: number % 10))
  }

  private mutating func byte(_ byte: UInt8) {
    end.pointee = byte
    end += 1
  }
}
