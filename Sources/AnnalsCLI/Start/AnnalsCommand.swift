import ArgumentParser

/// The root command: what `annals help` prints, and the list of commands.
struct AnnalsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annals",
    abstract: "The record of who took which position, when, and how we know.",
    usage: "annals COMMAND [ARGUMENTS] [OPTIONS]",
    discussion: """
      Every fact is appended as an immutable event to one file; everything else is a view of that \
      log: as the world was on any day (--on), and as the record stood at any moment (--known-by).

        annals init un.annals --demo
        annals show USA ukraine-integrity
        annals audit USA ukraine-integrity

      Topics:  annals help time, formats, mapping, exit-codes, environment, or an event type: vote.cast
      """,
    version: Version.program,
    groupedSubcommands: groups)

  private static var groups: [CommandGroup] {
    #if Serve
    let serving = [
      CommandGroup(name: "SERVE", subcommands: [ServeCommand.self, AssistantCommand.self])
    ]
    #else
    let serving: [CommandGroup] = []
    #endif
    return [
      CommandGroup(name: "START", subcommands: [InitCommand.self, DoctorCommand.self]),
      CommandGroup(
        name: "WRITE",
        subcommands: [
          AppendCommand.self, ImportCommand.self, CorrectCommand.self, RetractCommand.self,
        ]),
      CommandGroup(
        name: "READ",
        subcommands: [
          ShowCommand.self, CompareCommand.self, TimelineCommand.self, LogCommand.self,
          EventCommand.self, RollCallCommand.self, RollCallsCommand.self, AgreementCommand.self,
          SwingsCommand.self, ActorCommand.self, SourceCommand.self, ListCommand.self,
          SearchCommand.self, ExportCommand.self, WatchCommand.self,
        ]),
      CommandGroup(name: "REPORT", subcommands: [ReportCommand.self, PublishCommand.self]),
      CommandGroup(
        name: "AUDIT",
        subcommands: [
          AuditCommand.self, DiffCommand.self, RevisionsCommand.self, ChangesCommand.self,
          HealthCommand.self,
        ]),
      CommandGroup(
        name: "PROVE",
        subcommands: [
          KeyCommand.self, CheckpointCommand.self, CosignCommand.self, ProveCommand.self,
          CheckProofCommand.self, VerifyCommand.self,
        ]),
      CommandGroup(
        name: "MAINTAIN",
        subcommands: [
          BackupCommand.self, EraseCommand.self, ReplayCommand.self, ExplainCommand.self,
          CompletionsCommand.self,
        ]),
    ] + serving
  }
}
