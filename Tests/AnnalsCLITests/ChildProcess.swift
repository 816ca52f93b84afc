import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A program started with files as its streams.
///
/// Foundation's `Process` lists the open files of this process into a buffer that it has measured
/// before, and runs over its end when other tests open files at the same time; so the system is
/// asked directly.
struct ChildProcess {
  let id: pid_t

  /// Starts a program in a folder.
  init(
    _ executable: String, _ arguments: [String], in folder: String,
    environment: [String: String], input: String, output: String, errors: String
  ) throws {
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
    #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    // The tester's own signals are none of the program's.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    // A shell goes to the folder first, and becomes the program there.
    let shell = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder, executable]
    var argv = (shell + arguments).map { strdup($0) } + [nil]
    var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var id: pid_t = 0
    let result = posix_spawn(&id, shell[0], &actions, &attributes, &argv, &envp)
    guard result == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EIO)
    }
    self.id = id
  }

  /// The exit code; 128 + the signal when one ended it.
  func wait() async -> Int32 {
    await withCheckedContinuation { done in
      Thread.detachNewThread {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        done.resume(returning: signal == 0 ? status >> 8 & 0xFF : 128 + signal)
      }
    }
  }

  /// Ctrl-C.
  func interrupt() { signal(SIGINT) }

  /// What an operating system sends to stop a service.
  func terminate() { signal(SIGTERM) }

  /// As a power cut does.
  func kill() { signal(SIGKILL) }

  private func signal(_ number: Int32) {
    #if canImport(Glibc)
    _ = Glibc.kill(id, number)
    #elseif canImport(Musl)
    _ = Musl.kill(id, number)
    #else
    _ = Darwin.kill(id, number)
    #endif
  }
}
