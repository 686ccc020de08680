using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>What may happen to a call.</summary>
internal enum Fate
{
    Answered,
    Unanswered,
    Refused,
    Late,
    Repeated,
    Halved,

    /// <summary>Acknowledged and dropped, as 1.16 does where nobody waits.</summary>
    Dropped,
}

/// <summary>What becomes of calls.</summary>
internal sealed partial class ProtocolWorld
{
    private (Fate Fate, int Skip)? armed;
    private int armedArgument;
    private int cutOffAfter = int.MaxValue;

    private void Arm(Happening happening, int argument)
    {
        var fate = happening switch
        {
            Happening.LoseAnswer => Fate.Unanswered,
            Happening.Refuse => Fate.Refused,
            Happening.Delay => Fate.Late,
            Happening.Duplicate => Fate.Repeated,
            _ => Fate.Halved,
        };
        fate = Mutation == Mutation.WithoutWaiting && fate == Fate.Refused ? Fate.Dropped : fate;
        (armed, armedArgument) = ((fate, argument % 4), argument / 4);
    }

    private Fate TakeFate(Call call)
    {
        if (armed is not var (fate, skip) || (fate == Fate.Halved && call.Kind != CallKind.Aliases) || (fate is Fate.Dropped or Fate.Repeated && call.Kind != CallKind.Data))
        {
            return Fate.Answered;
        }

        armed = skip > 0 ? (fate, skip - 1) : null;
        return skip > 0 ? Fate.Answered : fate;
    }
}
