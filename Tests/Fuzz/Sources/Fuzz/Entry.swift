#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The parser that this process tries: ANNALS_FUZZ_TARGET, one of `Target`.
private let target: Target = {
  let name = getenv("ANNALS_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = Target(rawValue: name) else {
    let names = Target.allCases.map(\.rawValue).joined(separator: "\n")
    let text = "ANNALS_FUZZ_TARGET must be one of these:\n\(names)\n"
    _ = text.withCString { write(2, $0, strlen($0)) }
    exit(64)
  }
  return target
}()

/// What the fuzzer calls with each input. A trap is a fault; so is all that `require` finds.
@_cdecl("LLVMFuzzerTestOneInput")
public func tryInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  do {
    try target.run(Array(UnsafeBufferPointer(start: data, count: size)))
  } catch {
    fatalError("\(target) let an error through: \(error)")
  }
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// SwiftPM makes this the program's entry, where the fuzzer brings one of its own.
@_cdecl("Fuzz_main")
public func runFuzzer() -> CInt {
  var count = CommandLine.argc
  var arguments = CommandLine.unsafeArgv
  return runDriver(&count, &arguments) { tryInput($0, $1) }
}

/// Ends the process where something that must hold does not.
func require(_ holds: Bool, _ message: @autoclosure () -> String) {
  if !holds { fatalError(message()) }
}
