import Foundation
import Testing

/// A store of one user that another user reads. Only root can play two users.
@Suite(.enabled(if: TwoUsers.canBePlayed)) struct OtherUserTests {
  /// `as1 COMMAND` and `as2 COMMAND` run the program as two users; `as2in GROUP` with one more group.
  private static let commands = """
    as1() { setpriv --reuid=61001 --regid=61001 --clear-groups ./annals "$@"; }
    as2() { setpriv --reuid=61002 --regid=61002 --clear-groups ./annals "$@"; }
    as2in() { group=$1; shift; setpriv --reuid=61002 --regid=61002 --groups=$group ./annals "$@"; }
    vote() { echo '{"type":"topic.defined","data":{"topic":"t'$1'","proposition":"Topic '$1'"}}'; }
    export ANNALS_RECORDER=tester HOME=/nonexistent
    mkdir -p d; cd d

    """

  private static let users =
    commands + """
      install -m 755 "$PROGRAM" annals; chown 61001:61001 .; chmod "$MODE" . ..
      as1 init u.annals --demo -q > /dev/null

      """

  private func run(_ line: String, folderMode: String = "755") async throws -> Program.Outcome {
    let program = try Program()
    defer { program.cleanUp() }
    return try await program.shell(
      "set -e; " + Self.users + line,
      environment: ["PROGRAM": Program.path, "MODE": folderMode])
  }

  /// In a folder such as /tmp, a file of the reader would keep the owner from writing for good.
  @Test(arguments: ["755", "1777"]) func readingLeavesNothingBehind(_ mode: String) async throws {
    let outcome = try await run(
      """
      rm -f u.annals.lock
      as2 show USA ukraine-integrity > /dev/null
      as2 verify > /dev/null
      as2 backup ../copy.annals > /dev/null 2>&1 || true
      find . -user 61002
      vote 1 | as1 import - -q > /dev/null
      as2 log -o ndjson | wc -l
      """, folderMode: mode)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines == ["307"], "\(outcome)")
  }

  /// A transaction of the owner keeps the events in the write-ahead log.
  @Test func aReaderSeesWhatAWriterHasAppendedAndCannotLockIt() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    let made = try await program.shell(
      "set -e; " + Self.users + "vote 1 | as1 import - -q",
      environment: ["PROGRAM": Program.path, "MODE": "755"])
    try #require(made.status == 0, "\(made.errors)")
    let reading = try OpenTransaction(program.folder.path + "/d/u.annals")
    let outcome = try await program.shell(
      """
      set -e
      \(Self.commands)
      for n in 2 3 4; do vote $n | as1 import - -q > /dev/null; done
      stat -c '%n %a %u' u.annals-wal
      as2 log -o ndjson | wc -l
      find . -user 61002
      """)
    reading.end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      outcome.lines == [
        "u.annals-wal 644 61001", "310",
      ], "\(outcome)")
  }

  /// SQLite would create the files in the group of the user who comes first.
  @Test func aUserOfTheGroupLeavesFilesThatTheGroupCanWrite() async throws {
    let outcome = try await run(
      """
      chgrp 62000 . u.annals; chmod 770 .; chmod 660 u.annals; rm -f u.annals.lock
      chmod 771 .
      as2in 62000 log -o ndjson | wc -l
      find . -user 61002
      vote 1 > line; chmod 644 line
      as2in 62000 import line -q > /dev/null
      rm -f u.annals.lock
      find . -user 61002 ! -group 62000 -a ! -perm 666
      as1 log -o ndjson | wc -l
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines == ["306", "307"], "\(outcome)")
  }

  /// An export of several seconds, while the owner erases and appends. On a busy machine it may keep an
  /// eraser waiting for too long (75); the next one does that purge too.
  @Test func anExportBesideAnEraserIsWhole() async throws {
    let outcome = try await run(
      """
      for n in $(seq 8000); do vote $n; done > more.ndjson
      as1 import more.ndjson -q > /dev/null
      as2 export > all &
      reader=$!
      for n in 300 301 302 303; do
        as1 erase $n --reason law -q || [ $? -eq 75 ]
      done > /dev/null
      wait $reader
      grep -c '"seq":' all > count || true
      sed 's/.*"seq":\\([0-9]*\\).*/\\1/' all | awk '$1 != NR { print "gap at", NR }'
      [ "$(cat count)" -ge 8306 ] && echo whole
      as1 verify --fast | head -1 | cut -d' ' -f1
      """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines == ["whole", "verified"], "\(outcome)")
  }
}

private enum TwoUsers {
  static let canBePlayed =
    geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
}
