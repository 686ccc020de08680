using DriftGuard.Benchmarks.Copying;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Benchmarks.Workers;

/// <summary>An index on <see cref="BlueCollection"/> with a rollout that is about to plan its partitions.</summary>
internal static class SeededRollout
{
    /// <summary>As the product has it unless set.</summary>
    public const int ConcurrentPartitions = 2;

    /// <summary>The index.</summary>
    public const string Index = "benchmark";

    private static readonly EpochToken Token = EpochToken.First(Index);

    /// <summary>The model of the collection that is built.</summary>
    public static FreeEmbedder NewModel() => new("green", seed: 2);

    /// <summary>Adds it to an empty state, with an empty green collection.</summary>
    public static async Task<Rollout> AddAsync(QdrantStore qdrant, StateStore state, RolloutSettings settings)
    {
        await EnrolAsync(qdrant, state);
        var model = NewModel();
        var green = $"{Index}-green-{Guid.NewGuid():N}";
        var blue = await qdrant.FindCollectionAsync(BlueCollection.Name);
        await qdrant.CreateCollectionAsync(green, CollectionSchemas.LikeBlue(blue!, Index, "", model));
        return await state.AddRolloutAsync(Index, id => New(id, green, model, settings with { Preflight = false }) with { GreenCreated = true }, default);
    }

    /// <summary>Enrols the index.</summary>
    public static async Task EnrolAsync(QdrantStore qdrant, StateStore state)
    {
        if ((await qdrant.AliasesAsync()).TargetOf(Index) is null)
        {
            await qdrant.ChangeAliasesAsync(IndexAliases.Call(AliasMoves.Create(Token, BlueCollection.Name)));
        }

        await state.SaveIndexAsync(new IndexDefinition { Name = Index, TextField = BlueCollection.TextField, CreatedAt = TimeProvider.System.GetUtcNow() }, default);
    }

    /// <summary>The record of a rollout from <see cref="BlueCollection"/> to a collection of another name.</summary>
    public static Rollout New(string id, string green, FreeEmbedder model, RolloutSettings settings) => new()
    {
        Id = id,
        Index = Index,
        FromModel = "blue",
        FromFingerprint = "",
        ToModel = model.Spec.Name,
        ToFingerprint = model.Fingerprint.Id,
        Blue = BlueCollection.Name,
        Green = green,
        CalibrationSet = "",
        Settings = settings,
        CreatedAt = TimeProvider.System.GetUtcNow(),
        ExpectedToken = Token,
    };

    /// <summary>Waits until the partitions of a rollout come to something.</summary>
    public static async Task UntilAsync(StateStore state, Rollout rollout, Func<PartitionTotals, bool> holds)
    {
        // Often against what is measured, which takes seconds.
        var lookAgain = TimeSpan.FromMilliseconds(20);
        while (!holds(await state.PartitionTotalsAsync(rollout.Id, default)))
        {
            await Task.Delay(lookAgain);
        }
    }
}
