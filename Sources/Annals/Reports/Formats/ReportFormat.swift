import EventLog

/// The forms in which a report can be written.
public enum ReportFormat: String, CaseIterable, Sendable {
  case md, html, svg, csv, json

  /// The format that a file's name asks for by its ending; nil when it names none.
  public init?(fileName: some StringProtocol) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    switch fileName[fileName.index(after: dot)...].lowercased() {
    case "markdown": self = .md
    case "htm": self = .html
    case let ending: self.init(rawValue: ending)
    }
  }

  /// Whether it is made from a template.
  public var hasTemplate: Bool { self == .md || self == .html }
}

/// A user's own template, and the name under which it is named again in the report's footer.
public struct ReportTemplate: Sendable {
  public var name: String
  public var text: [UInt8]

  public init(name: String, text: [UInt8]) {
    self.name = name
    self.text = text
  }

  /// The built-in template of a format; nil for a format that has none.
  public static func builtIn(_ format: ReportFormat) -> [UInt8]? {
    format.hasTemplate ? SchemaFiles.all["Templates/report.\(format.rawValue)"] : nil
  }
}

extension Report {
  /// The report in a format, ending with a line feed.
  ///
  /// `program` is named as its maker. CSV is made for spreadsheets, unless it is to be exact: a text
  /// that begins like a formula gets an apostrophe before it. Throws `.badTemplate` for a template with a fault, and for one
  /// where the format has none.
  public func written(
    as format: ReportFormat, by program: String, template: ReportTemplate? = nil,
    isExact: Bool = false
  ) throws -> String {
    if template != nil, !format.hasTemplate {
      throw Problem(
        .usage, "\(format.rawValue) is not made from a template",
        help: "templates are for md and html")
    }
    let imprint = ReportImprint(
      program: program, command: command(as: format, template: template?.name))
    switch format {
    case .md, .html:
      let text = template?.text ?? ReportTemplate.builtIn(format) ?? []
      let parsed = try Template(
        parsing: text, file: template?.name, names: ReportNames.shape)
      return try parsed.filled(
        with: ReportNames.scope(of: self, imprint),
        escaping: format == .md ? Escaping.markdown : Escaping.markup)
    case .svg: return SVGWriter.file(self, imprint)
    case .csv: return csv(isExact: isExact)
    case .json: return JSONWriter.pretty(json(imprint)) + "\n"
    }
  }
}
