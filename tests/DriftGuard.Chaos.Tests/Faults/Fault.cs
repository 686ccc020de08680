namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>What happens to one call on its way between the worker and Qdrant.</summary>
internal enum Fault
{
    /// <summary>Nothing: it passes.</summary>
    None,

    /// <summary>It is answered with UNAVAILABLE and never reaches Qdrant.</summary>
    Refuse,

    /// <summary>The stream is reset before Qdrant has seen it.</summary>
    CutBefore,

    /// <summary>Qdrant has applied it, and the stream is reset before the answer.</summary>
    CutAfter,

    /// <summary>The stream is reset, and the call reaches Qdrant some time later.</summary>
    AppliedLater,

    /// <summary>It waits before it reaches Qdrant.</summary>
    SlowBefore,

    /// <summary>Its answer waits.</summary>
    SlowAfter,

    /// <summary>It reaches Qdrant twice, one after the other.</summary>
    Duplicate,
}
