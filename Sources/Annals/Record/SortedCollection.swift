extension RandomAccessCollection where Index == Int {
  /// The first index whose element does not lie before what is looked for; in sorted collections.
  func partitioningIndex(where isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
