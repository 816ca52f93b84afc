import Annals
import AnnalsAnswers

/// A form that asks the question of a page again: one labelled field for each of its parameters. It asks by
/// GET, and keeps the values that were given.
struct QuestionForm {
  /// The page; what its query holds goes along unseen.
  var address: Address
  private var fields: [HTML] = []

  init(_ address: Address) { self.address = address }

  /// The identifier of a field; the style sheet knows those of the two moments.
  private static func identifier(_ name: String) -> String {
    switch name {
    case "on": "on"
    case "known_by": "kb"
    default: "f-\(name)"
    }
  }

  /// A field of text, with suggestions where there are any.
  mutating func text(
    _ name: String, _ label: HTML, _ value: String?, hint: HTML, suggesting: [String] = []
  ) {
    let id = Self.identifier(name)
    let isWide = id.hasPrefix("f-")
    let options = suggesting.map { "<option value=\"\($0)\">" as HTML }
    let list: HTML =
      suggesting.isEmpty ? .none : "<datalist id=\"\(id)-l\">\(options)</datalist>"
    fields.append(
      """
      <div><label for="\(id)">\(label)</label><input type="text"\(isWide ? " class=\"wd\"" : HTML.none) id="\(id)" name="\(name)" \
      value="\(value ?? "")" aria-describedby="\(id)-h"\
      \(suggesting.isEmpty ? .none : " list=\"\(id)-l\"" as HTML) autocomplete="off" \
      spellcheck="false"><small id="\(id)-h">\(hint)</small>\(list)</div>
      """)
  }

  /// Boxes to be ticked, each of which is true or not given.
  mutating func flags(_ boxes: [(name: String, label: HTML, isOn: Bool)]) {
    let boxes = boxes.map { box -> HTML in
      """
      <label><input type="checkbox" name="\(box.name)" value="true"\
      \(box.isOn ? " checked" : "")> \(box.label)</label>
      """
    }
    fields.append("<div>\(boxes)</div>")
  }

  /// One of some values.
  mutating func choice(
    _ name: String, _ label: HTML, _ value: String?, among values: [(value: String, words: HTML)]
  ) {
    let id = Self.identifier(name)
    let options = values.map { option -> HTML in
      """
      <option value="\(option.value)"\(option.value == value ?? "" ? " selected" : "")>\
      \(option.words)</option>
      """
    }
    fields.append(
      """
      <div><label for="\(id)">\(label)</label><select class="wd" id="\(id)" name="\(name)">\(options)</select>\
      </div>
      """)
  }

  mutating func knownBy(_ written: String?) {
    text(
      "known_by", "Known by", written,
      hint: "what the record held: #230, 2026-11-29; empty: all of it")
  }

  /// The two moments that a page is about.
  mutating func moments(_ moments: Moments) {
    text("on", "True on", moments.on, hint: "a day in the world: 2025-02-22, 2025-02; empty: today")
    knownBy(moments.knownBy)
  }

  /// The form; nothing in a site of files, which cannot answer. `cleared` is the page without what was
  /// chosen.
  func html(_ button: HTML, cleared: Address? = nil, _ context: PageContext) -> HTML {
    guard context.links.isServer else { return .none }
    let hidden = address.items.map { item -> HTML in
      "<input type=\"hidden\" name=\"\(item.name)\" value=\"\(item.value)\">"
    }
    let clear: HTML = cleared.map { "<a class=\"btn\" href=\"\($0.text)\">Clear</a>" } ?? .none
    return """
      <form class="when" action="\(address.withoutQuery.text)" method="get">\(fields)\
      <div class="row"><button class="go">\(button)</button>\(clear)</div>\(hidden)</form>
      """
  }
}
