using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.State;

namespace DriftGuard.Worker.Rollouts.Merging;

/// <summary>The ids at a switch as the state keeps them, in parts of bounded size. Each part begins with the time of the pass that it is of.</summary>
/// <param name="state">The state.</param>
/// <param name="rolloutId">The rollout.</param>
internal sealed class SwitchIds(StateStore state, string rolloutId)
{
    /// <summary>Whether all parts of a set are there, and none is of another pass.</summary>
    public async Task<bool> AreThereAsync(KeptIds kept, CancellationToken cancellation)
    {
        for (var part = 0; part < kept.Parts; part++)
        {
            if (await FindAsync(kept, part, cancellation) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The ids from one on, in their order; one part at a time is in memory.</summary>
    /// <exception cref="OperatorException">A part is gone, or of another pass.</exception>
    public async IAsyncEnumerable<PointId> ReadAsync(KeptIds kept, PointId from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var part = 0; part < kept.Parts; part++)
        {
            var bytes = await FindAsync(kept, part, cancellation)
                ?? throw new OperatorException(OperatorError.Conflict, $"the ids at the switch of {rolloutId} are not on record any more");
            foreach (var id in IdSet.Read(bytes).Where(id => id >= from))
            {
                yield return id;
            }
        }
    }

    /// <summary>Keeps a part.</summary>
    public Task SaveAsync(DateTimeOffset of, int part, byte[] ids, CancellationToken cancellation)
    {
        var bytes = new byte[sizeof(long) + ids.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, of.UtcTicks);
        ids.CopyTo(bytes, sizeof(long));
        return state.SaveIdSetAsync(rolloutId, part, bytes, cancellation);
    }

    private async Task<byte[]?> FindAsync(KeptIds kept, int part, CancellationToken cancellation) =>
        await state.FindIdSetAsync(rolloutId, part, cancellation) is { Length: > sizeof(long) } bytes && BinaryPrimitives.ReadInt64BigEndian(bytes) == kept.Of.UtcTicks
            ? bytes[sizeof(long)..]
            : null;
}
