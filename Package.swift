// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "annals",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "annals", targets: ["AnnalsCLI"]),
    .library(name: "Annals", targets: ["Annals"]),
    .library(name: "AnnalsAnswers", targets: ["AnnalsAnswers"]),
    .library(name: "EventLog", targets: ["EventLog", "SQLiteEventLog"]),
  ],
  traits: [
    .default(enabledTraits: ["Serve"]),
    .trait(
      name: "Serve", description: "The web server: annals serve, watch over HTTP, and assistants."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // Without its traits: it then links no more of Foundation than its essentials.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Schema/ compiled in: SQL, JSON Schemas and the shipped record (see Schema/schema.c).
    .target(
      name: "CSchema", path: "Schema",
      exclude: ["sqlite", "events", "answers", "mappings", "envelope.v1.json"]),
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
    .target(
      name: "AnnalsAnswers",
      dependencies: ["Annals", "EventLog", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "AnnalsPages",
      dependencies: [
        "Annals", "AnnalsAnswers", "EventLog",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "AnnalsServer",
      dependencies: [
        "Annals", "AnnalsAnswers", "AnnalsPages", "EventLog",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Serve"])),
        .product(
          name: "HummingbirdCore", package: "hummingbird", condition: .when(traits: ["Serve"])),
        .product(
          name: "HTTPTypes", package: "swift-http-types", condition: .when(traits: ["Serve"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Serve"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Serve"])),
        .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["Serve"])),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle",
          condition: .when(traits: ["Serve"])),
        .product(
          name: "UnixSignals", package: "swift-service-lifecycle",
          condition: .when(traits: ["Serve"])),
      ]),
    .executableTarget(
      name: "AnnalsCLI",
      dependencies: [
        "Annals", "AnnalsAnswers", "AnnalsPages", "SQLiteEventLog",
        .target(name: "AnnalsServer", condition: .when(traits: ["Serve"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Serve"])),
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
    .testTarget(
      name: "AnnalsTests",
      dependencies: ["Annals", "AnnalsPages", "SQLiteEventLog", "CSchema"]),
    // Faults within SQLite, in a program of their own; see Tests/AnnalsCLITests/FaultTests.swift.
    .target(name: "CFaults", dependencies: ["CSQLite"], path: "Tests/CFaults"),
    .executableTarget(
      name: "FaultSweep", dependencies: ["SQLiteEventLog", "CFaults"], path: "Tests/FaultSweep"),
    .testTarget(
      name: "AnnalsCLITests",
      dependencies: [
        "Annals", "AnnalsAnswers", "AnnalsCLI", "CSQLite", "FaultSweep",
        .target(name: "AnnalsServer", condition: .when(traits: ["Serve"])),
      ]),
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
