// swift-tools-version: 6.2
// Every parser under a fuzzer that sees what each input reaches (libFuzzer). A package of its own, so that
// no other build carries the fuzzer. Scripts/survival/coverage-fuzz.py builds and runs it.
import PackageDescription

let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "annals", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        .product(name: "Annals", package: "annals"), .product(name: "EventLog", package: "annals"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
