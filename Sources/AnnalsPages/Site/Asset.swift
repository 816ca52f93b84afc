import Annals

/// What pages load: the style sheet and the script.
package enum Asset {
  package static let style = served("Templates/site.css")
  /// A step that goes down.
  package static let icon = Array(
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="none" stroke="#17599b" \
    stroke-width="3" d="M1 4h7v8h7"/></svg>
    """.utf8)
  package static let script = served("Templates/site.js")

  /// Both as parts of a page that is one file.
  static let inlined = HTML(asset: style, in: "style")
  static let inlinedScript = HTML(asset: script, in: "script")

  /// A file without indentation, and without the lines that are comments.
  private static func served(_ name: String) -> [UInt8] {
    let text = String(decoding: SchemaFiles.all[name] ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { !($0.hasPrefix("/*") && $0.hasSuffix("*/")) }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}
