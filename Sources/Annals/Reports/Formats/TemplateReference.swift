/// The page of the documentation that lists every name a template can use, made from the names
/// themselves.
public enum TemplateReference {
  public static var markdown: String {
    let introduction: Help = """
      # Names for templates

      What a template for `\(command: "report")` can say; \
      [Reports](reports.md#your-own-template) has the
      tags. A list opens with `{{#name}}` and closes with `{{/name}}`, and between them its own
      names stand beside those around it. This page is made from the names in
      `Sources/Annals/Reports/Formats/ReportNames.swift`.

      | name | what it stands for |
      |---|---|

      """
    var page = introduction.words(for: .commandLine)
    add(ReportNames.shape, within: [], to: &page)
    return page
  }

  private static func add(
    _ shape: TemplateShape, within lists: [String], to page: inout String
  ) {
    for name in shape.names {
      let path = (lists + [name.name]).joined(separator: " › ")
      let kind = name.inner == nil ? "" : " A list."
      page += "| `\(path)` | \(name.note)\(kind) |\n"
      if let inner = name.inner { add(inner, within: lists + [name.name], to: &page) }
    }
  }
}
