// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "annals",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "annals", targets: ["AnnalsCLI"]),
    .library(name: "Annals", targets: ["Annals"]),
    .library(name: "EventLog", targets: ["EventLog", "SQLiteEventLog"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // Schema/ compiled in: SQL, JSON Schemas and the shipped record (see Schema/schema.c).
    .target(
      name: "CSchema", path: "Schema",
      exclude: ["sqlite", "events", "mappings", "envelope.v1.json"]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
    .target(
      name: "EventLog",
      dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "SQLiteEventLog", dependencies: ["EventLog", "CSQLite", "CSchema"]),
    .target(
      name: "Annals",
      dependencies: [
        "EventLog", "CSchema", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .executableTarget(
      name: "AnnalsCLI",
      dependencies: [
        "Annals", "SQLiteEventLog",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "EventLogConformance", dependencies: ["EventLog"], path: "Tests/EventLogConformance"),
    .testTarget(
      name: "EventLogTests",
      dependencies: ["EventLog", .product(name: "Crypto", package: "swift-crypto")]),
    .testTarget(
      name: "SQLiteEventLogTests",
      dependencies: ["SQLiteEventLog", "EventLogConformance", "CSQLite"]),
    .testTarget(name: "AnnalsTests", dependencies: ["Annals", "SQLiteEventLog", "CSchema"]),
    // Faults within SQLite, in a program of their own; see Tests/AnnalsCLITests/FaultTests.swift.
    .target(name: "CFaults", dependencies: ["CSQLite"], path: "Tests/CFaults"),
    .executableTarget(
      name: "FaultSweep", dependencies: ["SQLiteEventLog", "CFaults"], path: "Tests/FaultSweep"),
    .testTarget(
      name: "AnnalsCLITests", dependencies: ["Annals", "AnnalsCLI", "CSQLite", "FaultSweep"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
