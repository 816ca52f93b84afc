// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nothing here reaches those who use Annals.
let package = Package(
  name: "annals-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "annals", path: "../..")],
  targets: [
    .executableTarget(
      name: "InProcess",
      dependencies: [
        .product(name: "Annals", package: "annals"),
        .product(name: "EventLog", package: "annals"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
