import Annals
import AnnalsAnswers
import EventLog

/// One field of a form, with its label and its hint.
struct FormField {
  enum Kind {
    /// One line.
    case line
    /// Words of any length.
    case text
    /// One of some words.
    case choice([String])
    /// Any of some words.
    case choices([String])
    /// Yes, or nothing said.
    case flag
  }

  /// As it is sent: `data.voter`, `on`.
  var name: String
  var label: String
  var hint: String
  var kind: Kind
  var isRequired = false
  /// The id of a list of values that are known.
  var list: String?

  /// The field with what was sent, and what is wrong with it. `id` is one of its own.
  func html(_ id: String, _ state: FormState) -> HTML {
    let values = state.values[name] ?? []
    let value = values.first ?? ""
    let faults = state.faults(of: name)
    let fault: HTML =
      faults.isEmpty
      ? .none : "<div class=\"fault\" id=\"\(id)x\">\(faults.map { FaultWords($0).html })</div>"
    let described: HTML = faults.isEmpty ? "\(id)h" : "\(id)h \(id)x"
    let about: HTML = "aria-describedby=\"\(described)\""
    let isInvalid: HTML = faults.isEmpty ? .none : " aria-invalid=\"true\""
    let small: HTML = "<small id=\"\(id)h\">\(hint)</small>"
    let needed: HTML = isRequired ? " <small>required</small>" : .none
    let isNeeded: HTML = isRequired ? " required" : .none
    let title: HTML = "<label for=\"\(id)\"><b>\(label)</b></label>\(needed)<br>"
    switch kind {
    case .line:
      let options: HTML = list.map { " list=\"\($0)\"" } ?? .none
      return """
        <div>\(title)<input type="text" class="wd" id="\(id)" name="\(name)" value="\(value)" \
        autocomplete="off" spellcheck="false" \(about)\(isInvalid)\(options)\(isNeeded)><br>\(small)\(fault)</div>
        """
    case .text:
      // A parser drops the first line break behind the tag, so one stands there for it.
      return """
        <div>\(title)<textarea rows="1" id="\(id)" name="\(name)" \(about)\(isInvalid)\(isNeeded)>
        \(value)</textarea>\(small)\(fault)</div>
        """
    case .choice(let words):
      let others = value.isEmpty || words.contains(value) ? [] : [value]
      let options = (words + others).map { word -> HTML in
        "<option\(word == value ? " selected" : HTML.none)>\(word)</option>"
      }
      return """
        <div>\(title)<select class="wd" id="\(id)" name="\(name)" \(about)\(isInvalid)\(isNeeded)>\
        <option value="">\(isRequired ? "choose one" : "not said")</option>\(options)</select><br>\
        \(small)\(fault)</div>
        """
    case .choices(let words):
      let boxes = words.map { word -> HTML in
        let state: HTML = values.contains(word) ? " checked" : .none
        return """
          <label class="nw"><input type="checkbox" name="\(name)" value="\(word)"\(state)> \(word)</label>
          """
      }
      return """
        <fieldset id="\(id)" \(about)><legend><b>\(label)</b>\(needed)</legend><div class="row">\
        \(boxes)</div>\(small)\(fault)</fieldset>
        """
    case .flag:
      let state: HTML = value == "yes" ? " checked" : .none
      return """
        <div><label><input type="checkbox" id="\(id)" name="\(name)" value="yes" \(about)\(isInvalid)\(state)> \
        <b>\(label)</b></label><br>\(small)\(fault)</div>
        """
    }
  }
}

/// The fields of a form; the ids of its controls begin with a letter of the form's own.
struct FormFields {
  var prefix: String
  var fields: [FormField]

  /// The fields between two of them, side by side.
  func html(_ state: FormState, _ range: Range<Int>) -> HTML {
    let controls = range.map { fields[$0].html("\(prefix)\($0)", state) }
    return "<div class=\"half\">\(controls)</div>"
  }

  /// The id of the control of a name.
  func id(_ name: String) -> String? {
    fields.firstIndex { $0.name == name }.map { "\(prefix)\($0)" }
  }

  func label(_ name: String) -> String? { fields.first { $0.name == name }?.label }
}
