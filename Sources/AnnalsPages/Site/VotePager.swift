import Annals
import AnnalsAnswers
import EventLog

/// A part of a long list, the latest rows on the first page. Order is always earlier, then later.
struct VotePager {
  let total: Int
  let rowsOfPage: Int
  /// From 1, the latest.
  let page: Int

  /// Throws where the list is not that long.
  init(_ total: Int, page: Int, rowsOfPage: Int) throws {
    self.total = total
    self.page = page
    self.rowsOfPage = rowsOfPage
    if page > pages {
      throw Problem(
        .usage, "page \(page) is past the last page, \(pages)",
        help: "page 1 has the latest roll calls")
    }
  }

  private var pages: Int { max(1, (total + rowsOfPage - 1) / rowsOfPage) }

  /// The rows of the page, counted from the start of the list.
  var rows: Range<Int> {
    let end = total - (page - 1) * rowsOfPage
    return max(0, end - rowsOfPage)..<end
  }

  /// "Roll calls 1 to 100 of 250, in order of date", with the ways to the others.
  func html(_ address: Address, _ context: PageContext) -> HTML {
    guard total > rowsOfPage else { return .none }
    func button(_ page: Int?, _ words: HTML) -> HTML {
      guard let page else {
        return "<a class=\"btn\" role=\"link\" aria-disabled=\"true\">\(words)</a>"
      }
      let number = page == 1 ? nil : "\(page)"
      return context.link(address.with("page", number), words, class: "btn")
    }
    let earlier = page < pages ? page + 1 : nil
    let later = page > 1 ? page - 1 : nil
    return """
      <p class="row">\(button(earlier, "‹ earlier"))\(button(later, "later ›")) <span class="quiet">\
      Roll calls \(Words.figure(rows.lowerBound + 1)) to \(Words.figure(rows.upperBound)) of \
      \(Words.figure(total)), in order of date.</span></p>
      """
  }
}
