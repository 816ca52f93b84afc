import ArgumentParser

/// `annals completions`
struct CompletionsCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "A script that lets a shell complete commands, options, actors, topics and fields.",
    usage: "annals completions SHELL",
    discussion: """
      Examples:
        bash:  annals completions bash > ~/.local/share/bash-completion/completions/annals
        zsh:   annals completions zsh > "${fpath[1]}/_annals"
        fish:  annals completions fish > ~/.config/fish/completions/annals.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let completionShell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    let script = AnnalsCommand.completionScript(for: completionShell)
    System.emit(Array((script + "\n").utf8), to: System.standardOutput)
  }
}
