using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Chaos.Tests.Oracle;

/// <summary>
/// Looks at the aliases all the time: the index has one target, one token points to the same collection, epochs never go back, and writes
/// go to the collection that serves or are held.
/// </summary>
internal sealed class AliasWatcher(QdrantStore qdrant, IReadOnlyList<string> indexes, Findings findings)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, long> _epochs = [];

    /// <summary>Looks so far.</summary>
    public int Looks { get; private set; }

    /// <summary>Switches that were seen.</summary>
    public int Switches { get; private set; }

    /// <summary>Looks at which writes of an index were held.</summary>
    public int Held { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var aliases = await qdrant.AliasesAsync(cancellation);
                foreach (var index in indexes)
                    Judge(index, aliases);
                Looks++;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (QdrantException)
            {
                // Qdrant is down: nobody sees an alias.
            }

            await Task.Delay(LookAgain, CancellationToken.None);
        }
    }

    private void Judge(string index, AliasTable aliases)
    {
        var serving = aliases.TargetOf(index);
        var tokens = aliases.Targets.Select(alias => (Token: EpochToken.Parse(index, alias.Key), alias.Value)).Where(seen => seen.Token is not null).ToList();
        if (serving is null || tokens.Count != 1 || tokens[0].Value != serving)
            Complain(index, $"the index is on {serving ?? "nothing"}, its tokens are {string.Join(", ", tokens.Select(seen => $"{seen.Token} on {seen.Value}"))}");
        if (tokens.Count == 1)
        {
            var (epoch, before) = (tokens[0].Token!.Epoch, _epochs.GetValueOrDefault(index));
            if (epoch < before)
                Complain(index, string.Create(CultureInfo.InvariantCulture, $"epoch {epoch} after {before}"));
            Switches += before > 0 && epoch > before && tokens[0].Token!.Nonce != EpochToken.AbortNonce ? 1 : 0;
            _epochs[index] = Math.Max(before, epoch);
        }

        var writes = aliases.TargetOf(WriteFence.WriteAlias(index));
        var held = aliases.Targets.Count(alias => WriteFence.NonceOf(index, alias.Key) is not null);
        Held += held > 0 ? 1 : 0;
        if ((writes is null ? 0 : 1) + held != 1)
            Complain(index, $"the write alias is on {writes ?? "nothing"}, and {held} fences are up");
        else if (writes is not null && writes != serving)
            Complain(index, $"writes go to {writes}, {serving} serves");
    }

    private void Complain(string index, string what) => findings.Add(Finding.Aliases, $"{DateTime.UtcNow:HH:mm:ss.fff} {index}: {what}");
}
