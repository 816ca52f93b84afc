import Testing

@testable import Annals

/// The language of templates, and that no fault in one is passed over.
@Suite struct TemplateTests {
  private struct Page {
    var title: String
    var rows: [String]
  }

  private static let names = TemplateNames<Page>([
    .text("title", "") { $0.title },
    .text("none", "") { _ in nil },
    .markup("chart", "") { _ in "<svg/>" },
    .code("command", "") { $0.title },
    .list("rows", "", TemplateNames<String>([.text("row", "") { $0 }])) { $0.rows },
  ])

  private func filled(_ template: String, rows: [String] = ["a", "b"]) throws -> String {
    try Template(parsing: Array(template.utf8), file: nil, names: Self.names.shape)
      .filled(with: Self.names.scope(of: Page(title: "<T>", rows: rows)), escaping: .markup)
  }

  @Test func tags() throws {
    #expect(try filled("a {{title}} {{ title }} z") == "a &lt;T&gt; &lt;T&gt; z")
    #expect(try filled("{{chart}}{{command}}") == "<svg/>&lt;T&gt;")
    #expect(try filled("{{#rows}}{{row}}{{title}},{{/rows}}") == "a&lt;T&gt;,b&lt;T&gt;,")
    #expect(try filled("{{^rows}}none{{/rows}}", rows: []) == "none")
    #expect(try filled("{{#none}}x{{/none}}{{^none}}y{{/none}}{{#title}}z{{/title}}") == "yz")
    #expect(try filled("a{{! remark }}b") == "ab")
    #expect(try filled("") == "")
  }

  @Test func aLineOfOneTagLeavesNoLine() throws {
    #expect(
      try filled("<ul>\n{{#rows}}\n<li>{{row}}\n{{/rows}}\n</ul>\n")
        == "<ul>\n<li>a\n<li>b\n</ul>\n")
    #expect(try filled("a\n  {{! x }}  \nb") == "a\nb")
    #expect(try filled("{{! first }}\na\n{{! last }}") == "a\n")
    #expect(try filled("{{#rows}}\r\n{{row}}\r\n{{/rows}}\r\n") == "a\r\nb\r\n")
    // A value is no section: its line stays.
    #expect(try filled("a\n{{none}}\nb") == "a\n\nb")
    #expect(try filled("x {{#rows}}\n{{row}}{{/rows}}") == "x \na\nb")
  }

  @Test(arguments: [
    ("a\n  {{titel}}", 2, 3, "no name \"titel\" here", "title"),
    ("{{#rows}}{{rwo}}{{/rows}}", 1, 10, "no name \"rwo\" here", "row"),
    ("{{row}}", 1, 1, "no name \"row\" here", "rows"),
    ("{{rows}}", 1, 1, "\"rows\" is a list, not a text", nil),
    ("{{#rows}}\n{{/title}}", 2, 1, "{{/title}} stands where {{/rows}} was to come", nil),
    ("{{/rows}}", 1, 1, "{{/rows}} closes what was not opened", nil),
    ("é{{#rows}}x", 1, 2, "{{#rows}} is never closed", nil),
    ("a {{title", 1, 3, "{{ without }}", nil),
    ("{{{title}}}", 1, 1, "two braces are enough", nil),
    ("{{&title}}", 1, 1, "two braces are enough", nil),
    ("{{>part}}", 1, 1, "\">part\" is no name", nil),
    ("{{}}", 1, 1, "\"\" is no name", nil),
    ("{{^rows}}{{row}}{{/rows}}", 1, 10, "no name \"row\" here", "rows"),
  ])
  func faults(
    _ template: String, _ line: Int, _ column: Int, _ message: String, _ suggestion: String?
  ) throws {
    let fault = try #require(throws: Problem.self) { try filled(template) }
    #expect(fault.code == .badTemplate && fault.code.exitCode == 78)
    #expect(fault.message == message)
    #expect(fault.position == InputLocation(line: line, column: column))
    #expect(fault.suggestion == suggestion)
  }

  @Test func bytesThatAreNoText() {
    #expect(throws: Problem.self) {
      _ = try Template(parsing: [0x61, 0xFF], file: "x", names: Self.names.shape)
    }
  }

  @Test func theBuiltInTemplatesHaveNoFault() throws {
    for format in ReportFormat.allCases where format.hasTemplate {
      let text = try #require(ReportTemplate.builtIn(format))
      _ = try Template(parsing: text, file: nil, names: ReportNames.shape)
    }
  }

  @Test func noNameStandsTwiceInOnePlace() {
    func check(_ shape: TemplateShape) {
      #expect(Set(shape.names.map(\.name)).count == shape.names.count)
      for name in shape.names {
        #expect(!name.note.isEmpty, "\(name.name)")
        if let inner = name.inner { check(inner) }
      }
    }
    check(ReportNames.shape)
  }

  @Test func sectionsAreNestedUpToALimit() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "{{#rows}}", count: depth) + String(repeating: "{{/rows}}", count: depth)
    }
    #expect(try filled(nested(16), rows: ["a"]) == "")
    let refused = #expect(throws: Problem.self) { try filled(nested(17), rows: ["a"]) }
    #expect(refused?.code == .badTemplate && refused?.position?.column == 145)
  }

  @Test func aReportHasALargestSize() {
    // Ten rows inside each other eight times are a hundred million.
    let text =
      "x\n" + String(repeating: "{{#rows}}", count: 8) + "y"
      + String(repeating: "{{/rows}}", count: 8)
    let refused = #expect(throws: Problem.self) {
      try filled(text, rows: (0..<10).map { "\($0)" })
    }
    #expect(refused?.code == .badTemplate && refused?.position?.line == 2)
    let long = String(repeating: "z", count: 1 << 16)
    #expect(throws: Problem.self) {
      try filled("{{#rows}}\(long){{/rows}}", rows: Array(repeating: "a", count: 600))
    }
  }

  @Test func aLineOfManyTagsIsALineLikeOthers() throws {
    let remarks = String(repeating: "{{! x }} ", count: 2000)
    #expect(try filled("a\n\(remarks)\nb") == "a\n" + String(repeating: " ", count: 2000) + "\nb")
    #expect(try filled("a\n \t{{! x }}  \r\nb") == "a\nb")
  }
}
