namespace DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

/// <summary>A rule of the protocol that is left out, to see that the invariants notice.</summary>
internal enum Mutation
{
    None,
    FenceLeftOut,
    FenceNonceReused,
    FenceLoweredUnrecorded,
    FenceLoweredOntoTheOldSide,
    PassBeforeTheFenceIsFinal,
    WritesUnderWayNotFlushed,
    TokenNonceReused,
    SwitchUnrecorded,
    SwitchWithoutToken,
    SettledByReadBack,
    ForwardPassAfterTheSwitch,
    RollbackWithoutFinalPass,
    ReversePassByStampAlone,
    PlainUpsert,
    NoLeaseEpochs,
    DeleteUnconfirmed,
    DeleteByIdAlone,
    WrittenThroughAnAlias,
    WithoutWaiting,
    LateWritesNotWaitedOut,
    CursorWithoutAttempt,
    StateWithoutLease,
    CollectionNameReused,
    RetiredWithoutReadingAliases,
}
