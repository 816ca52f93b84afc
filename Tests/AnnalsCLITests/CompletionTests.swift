import Foundation
import Testing

/// The scripts for shells, and what they complete from the store.
@Suite struct CompletionTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func a_script_names_the_commands(_ shell: String) async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let result = try await program.run("completions", shell)
    #expect(result.status == 0)
    #expect(result.output.contains("timeline") && result.output.contains("dry-run"))
    try program.write(result.output, to: "script")
    // zsh and fish are checked by themselves where they are installed.
    let checked = try await program.shell(
      "command -v \(shell) >/dev/null || exit 0; \(shell) -n script")
    #expect(checked.status == 0, "\(checked.errors)")
  }

  @Test func bash_loads_the_script_and_completes() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let script = try await program.run("completions", "bash").output
    try program.write(script, to: "annals.bash")
    let function = try #require(
      script.split(separator: "\n").first { $0.hasPrefix("complete ") }?
        .split(separator: " ").drop { $0 != "-F" }.dropFirst().first)
    let driver = """
      PATH="$PWD/bin:$PATH"; source ./annals.bash
      complete_words() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        COMPREPLY=(); \(function) annals "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
      }
      complete_words annals tim
      complete_words annals show US
      complete_words annals show USA ukraine-
      complete_words annals rollcall un-ga/
      complete_words annals source kremlin
      complete_words annals append vote.c
      complete_words annals append vote.cast ro
      """
    try program.write(driver, to: "driver.bash")
    let result = try await program.shell(
      "mkdir bin; ln -s '\(Program.path)' bin/annals; bash ./driver.bash")
    let words = [
      "timeline", "USA", "ukraine-integrity", "un-ga/ES-11/7", "kremlin-praises-us", "vote.cast",
      "rollcall=",
    ]
    for word in words {
      #expect(
        result.lines.contains { $0.hasPrefix(word) }, "\(word): \(result.output)\(result.errors)")
    }
  }
}
