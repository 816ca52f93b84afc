import Annals
import AnnalsAnswers

/// A file that an answer is written to: whole, or not at all.
enum OutputFile {
  /// Throws where a file stands already.
  static func check(_ path: String) throws {
    guard System.exists(path) else { return }
    throw Problem(
      .outputExists, "\(path) exists already", help: "choose another name, or add --force")
  }

  /// Writes beside the file first, and gives it its name when all is written: a reader never meets
  /// half a report, and a failure leaves an old one as it was. A durable one, which is its owner's
  /// alone, is on the disk when this returns. With `other`, those who may read and write that file may
  /// do the same with this one.
  static func write(
    _ bytes: [UInt8], to path: String, replacing: Bool, isDurable: Bool = false,
    like other: String? = nil
  ) throws {
    let temporary = path + ".\(System.processID).part"
    do {
      // Left by a process of the same number that was ended at this point.
      System.remove(temporary)
      let descriptor = try System.create(temporary, isPrivate: isDurable || other != nil)
      defer { System.closeFile(descriptor) }
      if let other { System.giveRights(of: other, to: descriptor) }
      try System.write(bytes, to: descriptor)
      if isDurable { try System.synchronize(descriptor) }
      if !replacing { try check(path) }
      try System.rename(temporary, to: path)
      if isDurable { try System.synchronizeFolder(of: path) }
    } catch {
      System.remove(temporary)
      guard let failure = error as? SystemError else { throw error }
      throw Failure(
        [Problem(.storeIO, "cannot write \(path): \(failure.text)")],
        exitCode: (isDurable ? ErrorCode.storeIO : .outputExists).exitCode)
    }
  }
}
