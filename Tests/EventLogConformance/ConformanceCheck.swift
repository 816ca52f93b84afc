public import EventLog

/// Makes a new, empty log whose batches are recorded by this clock.
public typealias LogFactory =
  @Sendable (_ clock: @escaping @Sendable () -> Instant) async throws -> any EventLog

/// What every implementation of `EventLog` must hold, each check on a log of its own.
///
/// Run all of them from the implementation's tests:
///
///     @Test(arguments: ConformanceCheck.allCases)
///     func conforms(_ check: ConformanceCheck) async throws {
///       try await check.run { clock in try await makeMyLog(clock) }
///     }
public enum ConformanceCheck: String, CaseIterable, Sendable {
  // Appending
  case everythingComesBack, positionsAreDense, sameEventIsAcknowledged, otherContentIsRefused
  case targetsMustStandAhead, invalidEventsAreRefused, refusedAppendsLeaveNothing
  case otherBodiesAreRefused
  case recordedNeverRunsBackwards, concurrentAppends, batchesAreWhole, largeAppend
  // Conditions
  case conditions, conditionRace, conditionOfARepeatedAppend, conditionsPastTheHead
  // Reading
  case randomQueries, queriesWithoutItems, everyBound, targetTags, tagLists, lookups
  case beginningsOfHashes
  case positionsByInstant
  case foldStops, foldNames, readsSeeEarlierAppends, foldsLeaveTasksRunning
  // Proving
  case rootsAndProofs, proofsOfWhatIsNotThere
  // Erasing and restoring
  case erasuresAreSaid, erasedPayloadsAreGone, erasedEventsDoNotComeBack
  case erasedPayloadsDoNotComeBackIntoViews, restoredLogsAreTheSame
  // Following
  case followSeesAppends, followEnds, followersEndWithTheLog
  // Cancelling
  case cancelledCallsThrow, foldsAreCancelled, cancelledWaitingForAReader
  // Projections
  case projectionLifeCycle, projectionFailsWhole, projectionStatementsAreConfined
  case rowsOnlyRead, sqlValues
  case poisonStopsAProjection, differencesAreFound, rebuildBesideOthers
  // Closing
  case closedLogsRefuse, closingManyTimesAtOnce

  public func run(_ makeLog: @escaping LogFactory) async throws {
    let log = try await makeLog(Instant.now)
    defer { Task { await log.close() } }
    switch self {
    case .everythingComesBack: try await AppendChecks(log).everythingComesBack()
    case .positionsAreDense: try await AppendChecks(log).positionsAreDense()
    case .sameEventIsAcknowledged: try await AppendChecks(log).sameEventIsAcknowledged()
    case .otherContentIsRefused: try await AppendChecks(log).otherContentIsRefused()
    case .targetsMustStandAhead: try await AppendChecks(log).targetsMustStandAhead()
    case .invalidEventsAreRefused: try await AppendChecks(log).invalidEventsAreRefused()
    case .otherBodiesAreRefused: try await AppendChecks(log).otherBodiesAreRefused()
    case .refusedAppendsLeaveNothing: try await AppendChecks(log).refusedAppendsLeaveNothing()
    case .largeAppend: try await AppendChecks(log).largeAppend()
    case .recordedNeverRunsBackwards:
      try await ConcurrencyChecks.recordedNeverRunsBackwards(makeLog)
    case .concurrentAppends: try await ConcurrencyChecks(log).concurrentAppends()
    case .batchesAreWhole: try await ConcurrencyChecks(log).batchesAreWhole()
    case .conditions: try await ConditionChecks(log).conditions()
    case .conditionRace: try await ConditionChecks(log).conditionRace()
    case .conditionOfARepeatedAppend: try await ConditionChecks(log).conditionOfARepeatedAppend()
    case .conditionsPastTheHead: try await ConditionChecks(log).conditionsPastTheHead()
    case .queriesWithoutItems: try await QueryChecks(log).queriesWithoutItems()
    case .randomQueries: try await QueryChecks(log).randomQueries()
    case .everyBound: try await QueryChecks(log).everyBound()
    case .targetTags: try await QueryChecks(log).targetTags()
    case .tagLists: try await QueryChecks(log).tagLists()
    case .lookups: try await QueryChecks(log).lookups()
    case .beginningsOfHashes: try await QueryChecks(log).beginningsOfHashes()
    case .positionsByInstant: try await QueryChecks.positionsByInstant(makeLog)
    case .foldStops: try await FoldChecks(log).foldStops()
    case .foldNames: try await FoldChecks(log).foldNames()
    case .readsSeeEarlierAppends: try await FoldChecks(log).readsSeeEarlierAppends()
    case .foldsLeaveTasksRunning: try await FoldChecks(log).foldsLeaveTasksRunning()
    case .rootsAndProofs: try await TreeChecks(log).rootsAndProofs()
    case .proofsOfWhatIsNotThere: try await TreeChecks(log).proofsOfWhatIsNotThere()
    case .erasuresAreSaid: try await ErasureChecks(log).erasuresAreSaid()
    case .erasedPayloadsAreGone: try await ErasureChecks(log).erasedPayloadsAreGone()
    case .erasedEventsDoNotComeBack: try await ErasureChecks(log).erasedEventsDoNotComeBack()
    case .erasedPayloadsDoNotComeBackIntoViews:
      try await ErasureChecks(log).erasedPayloadsDoNotComeBackIntoViews()
    case .restoredLogsAreTheSame: try await ErasureChecks.restoredLogsAreTheSame(makeLog)
    case .followSeesAppends: try await FollowChecks(log).followSeesAppends()
    case .followEnds: try await FollowChecks(log).followEnds()
    case .followersEndWithTheLog: try await FollowChecks(log).followersEndWithTheLog()
    case .cancelledCallsThrow: try await CancellationChecks(log).cancelledCallsThrow()
    case .foldsAreCancelled: try await CancellationChecks(log).foldsAreCancelled()
    case .cancelledWaitingForAReader:
      try await CancellationChecks(log).cancelledWaitingForAReader()
    case .projectionLifeCycle: try await ProjectionChecks(log).projectionLifeCycle()
    case .projectionFailsWhole: try await ProjectionChecks(log).projectionFailsWhole()
    case .projectionStatementsAreConfined:
      try await ProjectionChecks(log).projectionStatementsAreConfined()
    case .rowsOnlyRead: try await ProjectionChecks(log).rowsOnlyRead()
    case .sqlValues: try await ProjectionChecks(log).sqlValues()
    case .poisonStopsAProjection: try await ProjectorChecks(log).poisonStopsAProjection()
    case .differencesAreFound: try await ProjectorChecks(log).differencesAreFound()
    case .rebuildBesideOthers: try await ProjectorChecks(log).rebuildBesideOthers()
    case .closedLogsRefuse: try await FollowChecks(log).closedLogsRefuse()
    case .closingManyTimesAtOnce: try await FollowChecks(log).closingManyTimesAtOnce()
    }
  }
}
