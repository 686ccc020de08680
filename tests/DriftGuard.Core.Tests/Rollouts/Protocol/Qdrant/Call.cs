using DriftGuard.Core.Rollouts;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

/// <summary>Why a call has no answer.</summary>
internal enum Failure
{
    None,

    /// <summary>Answered: no such collection, alias or point.</summary>
    NotFound,

    /// <summary>Nothing is known: it may have been applied, or be applied later.</summary>
    Unknown,
}

/// <summary>What a call is to.</summary>
internal enum CallKind
{
    /// <summary>A read of Qdrant.</summary>
    Read,

    /// <summary>A write of points.</summary>
    Data,

    /// <summary>A change of aliases.</summary>
    Aliases,

    /// <summary>Creates or deletes a collection.</summary>
    Collections,

    /// <summary>The state store; it is not what is tried here, so it always answers.</summary>
    State,

    /// <summary>A wait.</summary>
    Wait,
}

/// <summary>One request of a worker. Between any two of them it may be cut off, and any of them may go astray.</summary>
internal abstract class Call(CallKind kind, string what)
{
    public CallKind Kind => kind;

    public string What => what;

    public Failure Failure { get; set; }

    /// <summary>The sender goes on where the answer is NotFound.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>The actions of a change of aliases.</summary>
    public IReadOnlyList<AliasMove> Moves { get; init; } = [];

    /// <summary>The switch that it is; null for any other call.</summary>
    public SwitchAttempt? Switch { get; init; }

    /// <summary>How long a wait is.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>Applies it, and fills in the answer.</summary>
    public abstract void Apply();

    /// <summary>Fills in an answer without applying it.</summary>
    public abstract void Pretend(object answer);
}

/// <summary>A call with an answer; null is NotFound.</summary>
internal sealed class Call<T>(CallKind kind, string what, Func<T?> apply) : Call(kind, what)
{
    public T Answer { get; private set; } = default!;

    public override void Apply()
    {
        var answer = apply();
        Failure = answer is null ? Failure.NotFound : Failure.None;
        Answer = answer!;
    }

    public override void Pretend(object answer) => Answer = (T)answer;
}
