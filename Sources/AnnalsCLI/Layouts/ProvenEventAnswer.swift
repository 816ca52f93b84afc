import Annals
import AnnalsAnswers
import EventLog

/// `check-proof`: the event that a proof proves, and who vouches for it.
extension ProvenEventAnswer: Layout {
  /// What the policy asks for.
  private var requirement: String { policy.requirement }
  private var verdict: WitnessPolicy.Verdict { event.verdict }
  private var checkpoint: Checkpoint { verdict.checkpoint }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    let title = event.summary ?? "\(event.type), payload erased or not shown"
    let position = event.proof.position
    var rows: [(String, String)] = [
      ("type", event.type), ("on", event.on ?? "undated"),
      ("recorded", "\(event.recorded ?? "—") by \(event.recorder ?? "—")"),
    ]
    if let note = event.note { rows.append(("note", note)) }
    if !event.targets.isEmpty { rows.append(("about", event.targets.joined(separator: ", "))) }
    if let id = event.id { rows.append(("id", id)) }
    if let body = event.body {
      rows += EventAnswer.fields(body, prefix: "")
    } else {
      rows.append(("payload", "erased, or not shown"))
    }
    var signers = verdict.logKeys.map { ("signed by", "\($0.name) (\($0.id.hexDigits))") }
    signers += verdict.cosigned.map {
      ("cosigned by", "\($0.witness.key.name), \(Self.time($0.time))")
    }
    let met = verdict.isQuorumMet ? "met" : "NOT MET"
    signers.append(("policy", "\(met): \(requirement)"))
    return [palette.bold("\(position)  \(title.printable)"), ""] + Self.lines(rows, palette) + [
      "",
      (verdict.isQuorumMet ? "Proved: it stands" : "Not vouched for as it should be: it stands")
        + " at \(position) of the \(checkpoint.size.grouped) events of "
        + "\(checkpoint.origin.printable)",
    ] + Self.lines(signers, palette)
  }

  private static func lines(_ rows: [(String, String)], _ palette: Palette) -> [String] {
    let width = rows.reduce(0) { max($0, $1.0.printable.displayWidth) }
    return rows.map { name, value in
      let padding = String(repeating: " ", count: width - name.printable.displayWidth)
      return "  \(palette.dim(name.printable))\(padding)  \(value.printable)"
    }
  }

  /// Who has cosigned, for a sentence.
  static func cosigners(_ verdict: WitnessPolicy.Verdict) -> String {
    let names = verdict.cosigned.map { String(decoding: $0.witness.name, as: UTF8.self) }
    switch names.count {
    case 0: return "nobody has cosigned"
    case 1: return "only \(names[0]) has cosigned"
    default: return "only \(names.joined(separator: ", ")) have cosigned"
    }
  }
}
