import Annals

/// Where the store is: `--store`, `ANNALS_STORE`, `annals.yaml`, or the folder's only store.
enum StoreLocator {
  static let suffix = ".annals"

  static func path(option: String?, project: ProjectFile) throws -> String {
    if let given = option ?? System.environment("ANNALS_STORE") ?? project.store { return given }
    let found = (System.names(in: ".") ?? []).filter { $0.hasSuffix(suffix) && $0 != suffix }
    switch found.count {
    case 1: return found[0]
    case 0:
      throw Problem(
        .noStore, "no store: none is named, and there is no *\(suffix) file in this folder",
        help: "create one with  annals init un\(suffix) --demo  or name one with  --store FILE")
    default:
      throw Problem(
        .severalStores,
        "\(found.count) stores in this folder: \(found.joined(separator: ", "))",
        help: "choose one with  --store \(found[0])")
    }
  }
}
