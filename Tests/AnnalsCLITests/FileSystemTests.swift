import Foundation
import Testing

/// File systems and programs that a store must not share a file with.
@Suite struct FileSystemTests {
  /// Numbers of statfs(2), and the word by which the message names the file system.
  @Test(
    .enabled(if: Compiler.path != nil),
    arguments: [
      ("65735546", "FUSE"), ("1021997", "9p"), ("c36400", "Ceph"), ("5346414f", "AFS"),
      ("bd00bd0", "Lustre"), ("786f4256", "vboxsf"), ("bacbacbc", "vmhgfs"),
      ("7461636f", "OCFS2"), ("1161970", "GFS2"), ("6969", "NFS"), ("ff534d42", "CIFS"),
    ])
  func untrustedFileSystemsAreRefusedByName(_ number: String, _ name: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let fake = try await fakeStatfs(program, number)
    for command in ["show USA ukraine-integrity", "init new.annals"] {
      let refused = try await program.shell("annals \(command)", environment: fake)
      #expect(refused.status == 74 && refused.errors.contains("error[E1410]"), "\(refused)")
      #expect(refused.errors.contains("file system (\(name))"), "\(refused)")
      #expect(refused.errors.contains("ANNALS_ALLOW_NETWORK_FS=1"), "\(refused)")
    }
    let allowed = try await program.shell(
      "annals show USA ukraine-integrity",
      environment: fake.merging(["ANNALS_ALLOW_NETWORK_FS": "1"]) { $1 })
    #expect(allowed.status == 0, "\(allowed)")
  }

  /// ext4, xfs, btrfs, tmpfs, overlayfs, ZFS, exFAT.
  @Test(
    .enabled(if: Compiler.path != nil),
    arguments: ["ef53", "58465342", "9123683e", "1021994", "794c7630", "2fc12fc1", "2011bab0"])
  func localFileSystemsAreNot(_ number: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let fake = try await fakeStatfs(program, number)
    let outcome = try await program.shell("annals show USA ukraine-integrity", environment: fake)
    #expect(outcome.status == 0, "\(outcome)")
  }

  /// A library that makes statfs(2) answer with another number.
  private func fakeStatfs(
    _ program: Program, _ number: String
  ) async throws -> [String: String] {
    let source = """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <sys/vfs.h>
      int statfs(const char *path, struct statfs *answer) {
        int (*real)(const char *, struct statfs *) = dlsym(RTLD_NEXT, "statfs");
        int result = real(path, answer);
        answer->f_type = 0x\(number);
        return result;
      }
      """
    try program.write(source, to: "fake.c")
    let made = try await program.shell(
      "\(Compiler.path ?? "") -shared -fPIC -o fake.so fake.c -ldl")
    try #require(made.status == 0, "\(made.errors)")
    return ["LD_PRELOAD": program.folder.path + "/fake.so"]
  }

  @Test(arguments: [
    ("_litestream_seq", "Litestream"), ("_litestream_lock", "Litestream"),
    ("crsql_changes_x", "cr-sqlite"),
  ])
  func tablesOfAReplicatorAreReportedAsThat(_ table: String, _ name: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.alter("demo.annals", "CREATE TABLE \(table) (id INTEGER PRIMARY KEY, seq INTEGER)")
    let refused = try await program.run("verify")
    #expect(refused.status == 65 && refused.errors.contains("error[E1418]"), "\(refused)")
    #expect(refused.errors.contains("\(name) has added \"\(table)\""), "\(refused)")
    let explained = try await program.run("explain", "E1418")
    #expect(explained.output.contains("annals backup FILE"))
    // The way back that the explanation names.
    try program.alter("demo.annals", "DROP TABLE \(table)")
    #expect(try await program.run("verify").status == 0)
    // Any other table is still a sign of tampering.
    try program.alter("demo.annals", "CREATE TABLE litestream (id INTEGER PRIMARY KEY)")
    #expect(try await program.run("verify").errors.contains("error[E1404]"))
  }
}

private enum Compiler {
  #if os(Linux)
  static let path = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  #else
  static let path: String? = nil
  #endif
}
