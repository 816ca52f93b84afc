/// A way to use the program: the command line, HTTP, an assistant. It says how a `Help` writes the
/// names of commands and options.
public struct Face: Sendable {
  public let name: String
  /// Writes a command, given by the words after the name of the program: `list actors`.
  let command: @Sendable (String) -> String
  /// Writes an option, given by its name in kebab case, with its value.
  let option: @Sendable (String, String?) -> String

  public init(
    name: String, command: @escaping @Sendable (String) -> String,
    option: @escaping @Sendable (_ name: String, _ value: String?) -> String
  ) {
    self.name = name
    self.command = command
    self.option = option
  }

  /// The name of a parameter, which has underscores: `known_by` is the option `known-by`.
  package func parameter(_ name: String) -> String {
    option(name.split(separator: "_").joined(separator: "-"), nil)
  }

  /// `annals list actors`, `--store FILE`
  public static let commandLine = Face(
    name: "command line", command: { "annals \($0)" },
    option: { name, value in "--\(name)" + (value.map { " \($0)" } ?? "") })
}
