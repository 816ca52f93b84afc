import EventLog

/// Keys from fixed seeds, and what they have signed. The signatures were made by another program
/// (Python's cryptography), so that reading them checks more than this code against itself.
enum Sample {
  static let root = bytes("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
  static let text = "example.org/record\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"

  static let logKey = "example.org/record+8dcc45de+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
  static let logPrivate =
    "PRIVATE+KEY+example.org/record+8dcc45de+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
  static let logLine =
    "— example.org/record jcxF3pNPpCIPlTsndhso1VD/w3PrvStNries0ydWXzi62qLB81Z6nvReh/uR9ZKWobd1AiwZ"
    + "S0KIQlKdSJNeY3yIlAk=\n"

  static let boKey = "witness.example/bo+c1d26c77+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
  static let boPrivate =
    "PRIVATE+KEY+witness.example/bo+c1d26c77+BCAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/"
  static let boTime: Int64 = 1_764_176_400
  static let boLine =
    "— witness.example/bo wdJsdwAAAABpJzIQoj/jEdacDqIm7noX5vOizofTK45853686zpXNmLBgouvXIXZmsniSaFf"
    + "RlvX459sNzOMiS46YbtbMI27tYfWDA==\n"

  /// A signature of a type that nobody here can check.
  static let strangeLine =
    "— example.net/pq \(Base64.encode([1, 2, 3, 4] + [UInt8](repeating: 7, count: 2428)))\n"

  static func note(_ lines: String..., text: String = text) -> [UInt8] {
    Array((text + "\n" + lines.joined()).utf8)
  }

  static func signer(_ text: String = logPrivate) throws -> SignerKey {
    try SignerKey(parsing: Array(text.utf8))
  }

  static func verifier(_ text: String = logKey) throws -> VerifierKey {
    try VerifierKey(parsing: Array(text.utf8))
  }

  /// A cosigner's key of its own for each number.
  static func cosigner(_ number: UInt8) throws -> SignerKey {
    try SignerKey(
      seed: [UInt8](repeating: number, count: 32), algorithm: .cosignature,
      name: "witness.example/\(number)")
  }
}

/// The code of the error that `body` throws; nil when it throws none.
func code(_ body: () throws -> some Any) -> ProofError.Code? { fault(body)?.code }

func fault(_ body: () throws -> some Any) -> ProofError? {
  do {
    _ = try body()
    return nil
  } catch let error as ProofError {
    return error
  } catch {
    return ProofError(.malformed, "another error: \(error)")
  }
}
