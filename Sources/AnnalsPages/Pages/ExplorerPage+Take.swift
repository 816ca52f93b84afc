import Annals
import AnnalsAnswers
import EventLog

/// What to take away: a citation, a frame for another page, files, a feed.
extension ExplorerPage {
  /// The day and the state of the record that are named in a citation.
  private var cited: Moments {
    Moments(on: explorer.stance.on.text, knownBy: "#\(known.position.rawValue)")
  }

  /// The parameters of the question, pinned to its state of the record.
  private var items: [(name: String, value: String?)] {
    [
      ("actor", actor.id), ("topic", topic.id), ("on", cited.on), ("known_by", cited.knownBy),
      ("rule", explorer.audit.rule),
    ]
      + explorer.withouts.filter(\.isChosen).map { ($0.parameter.name, $0.parameter.value) }
  }

  private func report(_ format: String) -> Address {
    .answer("report", items + [("format", format)])
  }

  var take: HTML {
    let frozen = Address("cite", actor.id, topic.id).at(cited)
      .with("rule", explorer.audit.rule)
    let title =
      "\(actor.name) on \(topic.id), true on \(cited.on ?? ""), known by \(known.position)"
    let hash = "root of the log \(explorer.root.hexDigits.prefix(16))…"
    let read = Words.day(context.today)
    let access: HTML = explorer.question.isFrozen ? .none : " Read \(read)."
    let chart = report("svg")
    let embedded = Address("embed", actor.id, topic.id).at(cited)
    let live = Address("embed", actor.id, topic.id)
    let label = explorer.stance.step?.level.label ?? "nothing recorded"
    let open: HTML = "<a href=\"\(frozen.text)\">Open it</a>"
    let cite: HTML = """
      <div><h3>Cite</h3><pre id="cite">\(title). Annals, rule \(explorer.audit.rule), \(hash).\(access)
      \(context.whole(frozen))</pre><p class="quiet">The address gives the same bytes for as long as the record \
      exists. \(context.links.isServer ? open : .none)</p>\
      <details class="quiet"><summary>BibTeX</summary><pre>\(bibTeX(title, frozen))</pre></details>
      """
    guard context.links.isServer else {
      // The address belongs to the server that wrote the file.
      return """
        <section aria-labelledby="take"><h2 id="take">Take it with you</h2><h3>Cite</h3>\
        <pre id="cite">\(title). Annals, rule \(explorer.audit.rule), \(hash).</pre></section>
        """
    }
    let compare = Address.compare([actor.id], topic.id).at(moments)
    return """
      <section aria-labelledby="take"><h2 id="take">Take it with you</h2><div class="two half">\(cite)\
      <h3>Embed</h3><p class="quiet">Frozen at \(known.position.description):</p>\
      <pre>&lt;iframe src="\(context.whole(embedded))" title="\(title)" width="760" height="420"&gt;&lt;/iframe&gt;
      &lt;img src="\(context.whole(chart))" alt="\(actor.name): \(label)"&gt;</pre><p class="quiet">Live:</p>\
      <pre>&lt;iframe src="\(context.whole(live))" title="\(actor.name) on \(topic.id)" width="760" \
      height="420"&gt;&lt;/iframe&gt;</pre></div>
      <div><h3>Download what is on this page</h3><p class="row">\
      \(["csv", "json", "svg", "md"].map { file($0) })\
      <a class="btn" href="\(Address("saved", actor.id, topic.id).at(moments).text)" download>This page, \
      works offline</a></p><p class="quiet">The question is in each file: actor, topic, both moments, rule.</p>\
      <h3>Use elsewhere</h3><p class="row"><a class="btn" href="\(datawrapper(title))" rel="noreferrer">Open in \
      Datawrapper</a><a class="btn" href="\(Address("feed", query: [("actor", actor.id), ("topic", topic.id)]).text)">Feed \
      of changes</a><a class="btn" href="\(compare.text)">Compare</a></p>\
      <p class="quiet">On the command line: <code>\(command)</code></p></div></div></section>
      """
  }

  private func file(_ format: String) -> HTML {
    let names = ["csv": "CSV", "json": "JSON", "svg": "SVG", "md": "Markdown"]
    return "<a class=\"btn\" href=\"\(report(format).text)\" download>\(names[format])</a>"
  }

  private func datawrapper(_ title: String) -> String {
    "https://app.datawrapper.de/create/chart?title=\(PercentEncoding.value(title))"
      + "&source_name=Annals&source_url=\(PercentEncoding.value(context.whole(address)))"
      + "&external_data=\(PercentEncoding.value(context.whole(report("csv"))))"
  }

  private var command: String {
    var options: [String] = []
    if let on = moments.on { options += ["--on", on] }
    if let knownBy = moments.knownBy { options += ["--known-by", knownBy] }
    return ShellCommand("audit", [actor.id, topic.id], options: options).text
  }

  private func bibTeX(_ title: String, _ address: Address) -> String {
    """
    @misc{annals-\(known.position.rawValue),
      title = {\(title)},
      howpublished = {Annals, \(context.whole(address))},
      note = {rule \(explorer.audit.rule), root of the log \(explorer.root.hexDigits)}
    }
    """
  }
}
