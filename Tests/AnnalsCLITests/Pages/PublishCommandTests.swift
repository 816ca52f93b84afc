import Foundation
import Testing

/// `annals publish`: pages as files.
@Suite struct PublishCommandTests {
  @Test func every_link_of_a_publication_leads_to_a_file() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let told = try await program.shell(
      "annals publish site --topic ukraine-integrity --known-by '#249' -s demo.annals -o json")
    #expect(told.status == 0, "\(told.errors)")
    let folder = program.folder.appendingPathComponent("site")
    let files =
      FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let pages = files.filter { $0.hasSuffix(".html") }
    #expect(pages.contains("index.html") && pages.contains("s/USA/ukraine-integrity.html"))
    #expect(pages.count > 20)
    for page in pages {
      let text = try program.read("site/\(page)")
      let base = folder.appendingPathComponent(page).deletingLastPathComponent()
      #expect(!text.contains("<form"), "\(page)")
      for link in text.matches(of: /(?:href|src)="([^"#]*)[^"]*"/) where !link.1.isEmpty {
        if link.1.hasPrefix("http://") || link.1.hasPrefix("https://") { continue }
        let target = base.appendingPathComponent(String(link.1)).standardizedFileURL.path
        #expect(FileManager.default.fileExists(atPath: target), "\(page): \(link.1)")
      }
    }
    // What is told is pinned: the vote of #249 is in, what came later is not.
    let usa = try program.read("site/s/USA/ukraine-integrity.html")
    #expect(usa.contains("known by #249") && usa.contains("opposes"))
    #expect(!pages.contains("facts/305.html"))
    for format in ["csv", "json", "svg", "md"] {
      #expect(files.contains("s/USA/ukraine-integrity.\(format)"))
    }
  }

  @Test func a_publication_is_the_same_again_and_spares_files_of_others() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let command =
      "annals publish site --topic us-russia-ties --on 2026-01-01 --known-by '#306' -s demo.annals"
    let told = try await program.shell(
      "\(command) && cp -r site first && \(command) && diff -r site first")
    #expect(told.status == 0, "\(told.output)\(told.errors)")
    let refused = try await program.shell(
      "mkdir mine && echo x > mine/diary && annals publish mine -s demo.annals")
    #expect(refused.status == 73 && refused.errors.contains("E1602"))
    let unknown = try await program.shell("annals publish other --topic ukrain -s demo.annals")
    #expect(unknown.status == 4 && unknown.errors.contains("no topic \"ukrain\""))
    #expect(!FileManager.default.fileExists(atPath: program.folder.path + "/other"))
  }

  @Test func a_later_publication_removes_pages_of_an_earlier_one_and_no_other_file() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let told = try await program.shell(
      """
      annals publish site --topic ukraine-integrity -s demo.annals && echo mine > site/CNAME &&
      test -e site/s/USA/ukraine-integrity.html && test -e site/facts/305.html &&
      annals publish site --topic us-russia-ties --known-by '#264' -s demo.annals
      """)
    #expect(told.status == 0, "\(told.output)\(told.errors)")
    let folder = program.folder.appendingPathComponent("site").path
    let files =
      FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let pages = files.filter { $0.hasSuffix(".html") }
    #expect(pages.contains("topics/us-russia-ties.html") && files.contains("CNAME"))
    #expect(!pages.contains("s/USA/ukraine-integrity.html") && !pages.contains("facts/305.html"))
    let list = try program.read("site/annals-site.txt").split(separator: "\n").map(String.init)
    #expect(Set(list).isSuperset(of: pages))
    // The list may have been edited; nothing outside of the folder is removed.
    try program.write(
      "../demo.annals\n/etc/hostname\n" + list.joined(separator: "\n"), to: "site/annals-site.txt")
    let again = try await program.shell(
      "annals publish site --topic us-russia-ties -s demo.annals && annals doctor -s demo.annals")
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    let file = try await program.shell("touch file && annals publish file -s demo.annals")
    #expect(file.status == 74 && file.errors.contains("cannot write file: "), "\(file.errors)")
  }
}
