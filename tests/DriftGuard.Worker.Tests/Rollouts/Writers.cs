using System.Collections.Concurrent;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Applications that insert, edit and delete their own documents without pause, and try again what is refused.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private const int DocumentsEach = 40;
    private const int First = 100_000;

    private readonly RolloutWorld world;
    private readonly Func<int, string?, HashEmbedder, Task<bool>> write;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<int, string?> acknowledged = new();
    private HashEmbedder model;
    private Task running = Task.CompletedTask;
    private int held;

    private Writers(RolloutWorld world, Func<int, string?, HashEmbedder, Task<bool>> write) => (this.world, this.write, model) = (world, write, world.Old);

    public int Held => held;

    /// <summary>Writers with vectors of their own, by an alias or a collection.</summary>
    public static Writers Start(RolloutWorld world, int count, string through) =>
        Start(world, count, (document, text, model) => TryAsync(world, through, document, text, model));

    /// <summary>Writers through DriftGuard, which embeds for them and has them wait while a fence is up.</summary>
    public static Writers ThroughDriftGuard(RolloutWorld world, int count) => Start(world, count, async (document, text, _) =>
    {
        try
        {
            await world.WriteAsync(document, text);
            return true;
        }
        catch (OperatorException switched) when (switched.Error == OperatorError.Conflict)
        {
            return false;
        }
    });

    private static Writers Start(RolloutWorld world, int count, Func<int, string?, HashEmbedder, Task<bool>> write)
    {
        var writers = new Writers(world, write);
        writers.running = Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Run(() => writers.WriteAsync(n))));
        return writers;
    }

    public void SwitchTo(HashEmbedder now) => model = now;

    public async Task ShouldHaveLostNothingAsync(string serving)
    {
        var there = await world.ReadAsync(serving);
        foreach (var (document, text) in acknowledged)
        {
            var found = there.TryGetValue(document.ToString(System.Globalization.CultureInfo.InvariantCulture), out var point) ? point.Payload : null;
            if (text is null)
            {
                found.ShouldBeNull($"document {document} was deleted");
            }
            else
            {
                found.ShouldNotBeNull($"document {document} was written").ShouldContain(text);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    private async Task WriteAsync(int writer)
    {
        var random = new Random(writer);
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var document = First + (writer * DocumentsEach) + random.Next(DocumentsEach);
            var text = random.Next(4) == 0 ? null : $"round {round} of document {document}";
            if (await write(document, text, model))
            {
                acknowledged[document] = text;
            }
            else
            {
                Interlocked.Increment(ref held);
                await Task.Delay(5, CancellationToken.None);
            }
        }
    }

    /// <summary>Whether the write was acknowledged; while the two collections' vectors differ in size, the one of the other model is refused.</summary>
    private static async Task<bool> TryAsync(RolloutWorld world, string through, int document, string? text, HashEmbedder model)
    {
        foreach (var with in new[] { model, model == world.Old ? world.New : world.Old })
        {
            try
            {
                await (text is null ? world.DeleteAsync(through, document) : world.UpsertAsync(through, document, text, with));
                return true;
            }
            catch (QdrantException)
            {
                // Held, or of another size: the other model's vector is tried.
            }
        }

        return false;
    }
}
