import Synchronization

/// A line on standard error while something takes long: on a screen only, redrawn at most ten times
/// a second, and only when there is something to wait for.
final class Progress: Sendable {
  private struct State {
    var text: String
    var isShown = false
    var isOver = false
  }

  private let state: Mutex<State>
  private let width: Int

  private init(_ text: String, width: Int) {
    state = Mutex(State(text: text))
    self.width = width
  }

  /// What is shown at the next redraw.
  func update(_ text: String) { state.withLock { $0.text = text } }

  /// Runs `work`; from 100 ms on a line says what is being waited for.
  static func during<Result>(
    _ text: String, on terminal: Terminal, _ work: (Progress) async throws -> Result
  ) async rethrows -> Result {
    let width = System.windowSize(System.standardError)?.columns ?? 80
    let progress = Progress(text, width: width)
    guard terminal.showsProgress else { return try await work(progress) }
    let drawing = Task.detached {
      while (try? await Task.sleep(for: .milliseconds(100))) != nil { progress.draw() }
    }
    defer {
      drawing.cancel()
      progress.finish()
    }
    return try await work(progress)
  }

  private func draw() {
    state.withLock { state in
      guard !state.isOver else { return }
      Self.write("\r" + state.text.fitted(to: width - 1) + "\u{1B}[K")
      state.isShown = true
    }
  }

  /// Wipes the line, so that the answer stands alone.
  private func finish() {
    state.withLock { state in
      state.isOver = true
      if state.isShown { Self.write("\r\u{1B}[K") }
    }
  }

  private static func write(_ text: String) {
    System.emit(Array(text.utf8), to: System.standardError)
  }
}
