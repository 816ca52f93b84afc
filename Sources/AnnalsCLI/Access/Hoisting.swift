/// Options that every command knows may stand before the command as well.
///
/// ArgumentParser takes an option of a subcommand only after its name, so what stands before it is
/// moved there: `annals -s un.annals show …` becomes `annals show -s un.annals …`.
enum Hoisting {
  /// Global options that take a value, and those that do not.
  static let valued: Set<String> = [
    "-s", "--store", "-o", "--output", "--color", "--schemas", "--projections",
  ]
  static let flags: Set<String> = ["-q", "--quiet", "--no-pager"]

  /// The arguments with the command's name first. Unchanged where no command follows.
  static func hoisted(_ arguments: [String]) -> [String] {
    var moved: [String] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      guard argument.hasPrefix("-"), argument != "-", argument != "--" else {
        return [argument] + moved + arguments[(index + 1)...]
      }
      let name = argument.split(separator: "=", maxSplits: 1)[0]
      if flags.contains(argument) || (name.count < argument.count && valued.contains(String(name)))
      {
        moved.append(argument)
      } else if valued.contains(argument), index + 1 < arguments.count {
        moved += arguments[index...(index + 1)]
        index += 1
      } else {
        return arguments
      }
      index += 1
    }
    return arguments
  }

  /// The arguments that are neither options nor values of global options.
  static func words(in arguments: [String]) -> [String] {
    var words: [String] = []
    var isValue = false
    for argument in arguments {
      if isValue {
        isValue = false
      } else if argument.hasPrefix("-") {
        isValue = valued.contains(argument)
      } else {
        words.append(argument)
      }
    }
    return words
  }

  /// The value of an option, wherever it stands: how errors are written must be known even when
  /// the arguments cannot be parsed.
  static func value(of names: [String], in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return nil }
      if names.contains(argument) {
        return index + 1 < arguments.count ? arguments[index + 1] : nil
      }
      for name in names where argument.hasPrefix(name + "=") {
        return String(argument.dropFirst(name.count + 1))
      }
    }
    return nil
  }
}
