using System.Runtime.InteropServices;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

/// <summary>What may happen next; the simplest first, as failures are shrunk towards it.</summary>
internal enum Happening
{
    /// <summary>The worker makes some calls.</summary>
    Run,

    /// <summary>An application writes.</summary>
    Write,

    /// <summary>An application's write is applied, and the answer lost.</summary>
    WriteUnanswered,

    /// <summary>An application's write has found its collection, and is applied later.</summary>
    WriteUnderWay,

    /// <summary>A write that is under way is applied and acknowledged.</summary>
    Land,

    /// <summary>The answer to the worker's next write is lost.</summary>
    LoseAnswer,

    /// <summary>The worker's next write is not applied.</summary>
    Refuse,

    /// <summary>The worker's next write is applied later than its answer is awaited.</summary>
    Delay,

    /// <summary>The worker's next write is applied, and once more later.</summary>
    Duplicate,

    /// <summary>Qdrant is cut off between the actions of the worker's next change of aliases.</summary>
    HalfApply,

    /// <summary>A delayed request is applied.</summary>
    Arrive,

    /// <summary>The worker dies, and another one begins.</summary>
    Crash,

    /// <summary>The worker loses its lease without noticing, and another one begins.</summary>
    Supersede,

    /// <summary>A worker that lost its lease goes on.</summary>
    RunSuperseded,

    /// <summary>Time passes.</summary>
    Pass,

    /// <summary>Somebody asks something of the rollout.</summary>
    Ask,

    /// <summary>The gate's next answer is no pass.</summary>
    Gate,

    /// <summary>The next check in the soak finds the serving side worse.</summary>
    Worse,

    /// <summary>Somebody points the index' alias elsewhere.</summary>
    Repoint,

    /// <summary>Somebody points it back.</summary>
    Mend,

    /// <summary>Somebody points an alias of their own at a collection.</summary>
    Refer,

    /// <summary>Another installation switches the index.</summary>
    Contend,

    /// <summary>Replicas disagree about a point that both collections hold.</summary>
    Diverge,

    /// <summary>The second peer falls behind, or catches up.</summary>
    Lag,

    /// <summary>Another rollout begins, where the last one has ended.</summary>
    Plan,

    /// <summary>An application sets a text, whose vector it sets later.</summary>
    SetText,

    /// <summary>The vector of a text that was set before.</summary>
    SetVector,
}

/// <summary>One choice of a history.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Choice(Happening Happening, int Argument)
{
    public override string ToString() => $"{Happening} {Argument}";
}

/// <summary>A part of something.</summary>
internal enum Share
{
    None,
    Half,
    All,
}

/// <summary>What holds through a history.</summary>
/// <param name="StampedBlue">The collection that serves at the start was loaded by DriftGuard.</param>
/// <param name="DirectWriters">Some applications write through the index' alias, past the fence.</param>
/// <param name="NoFence">Nothing holds writes.</param>
/// <param name="TwoPeers">There is a second peer, which some applications talk to.</param>
/// <param name="ManyShards">Collections have several shards: a marker flushes them, and counts no operations.</param>
/// <param name="DriftGuard">What of the applications' writes goes through DriftGuard.</param>
internal readonly record struct Circumstances(bool StampedBlue, bool DirectWriters, bool NoFence, bool TwoPeers, bool ManyShards = false, Share DriftGuard = Share.None)
{
    /// <summary>Every write goes through the fence, and there is one peer: nothing that was acknowledged may be lost, whatever happens.</summary>
    public bool AllFenced => !DirectWriters && !NoFence && !TwoPeers;
}

/// <summary>A history: circumstances, and a list of choices that the simulated world is driven by.</summary>
internal sealed record History(Circumstances Circumstances, IReadOnlyList<Choice> Choices);
