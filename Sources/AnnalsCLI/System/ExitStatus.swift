/// Exit codes that do not come from an error code; `annals help exit-codes` lists all.
enum ExitStatus {
  static let done: Int32 = 0
  static let usage: Int32 = 64
  static let inputOutput: Int32 = 74
  static let interrupted: Int32 = 130
}
