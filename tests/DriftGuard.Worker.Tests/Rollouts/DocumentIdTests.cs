using System.Globalization;
using DriftGuard.Core.Rollouts;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Rollouts;

/// <summary>Whatever ids a corpus has, labels and scores speak of the same documents: else every query scores 0 on both sides, which looks like a match.</summary>
public sealed class DocumentIdTests
{
    public static TheoryData<string> Forms => ["number", "text", "uuid in capitals"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Queries_find_their_documents_by_the_ids_of_the_corpus(string form)
    {
        await using var world = await WithCorpusAsync(idOf: FormOf(form));

        var rollout = await world.RunAsync(await world.StartAsync(Quick with { Preflight = true }));

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await world.ReportAsync(rollout)).Old.Means[0].ShouldBeGreaterThan(.9);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("number")]
    public async Task Queries_find_their_documents_by_the_id_field_of_the_set(string form)
    {
        await using var world = await WithCorpusAsync(idOf: FormOf(form));
        world.WriteSet(Set, Enumerable.Range(1, 150), FormOf(form), idField: "id");

        var rollout = await world.RunAsync(await world.StartAsync());

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await world.ReportAsync(rollout)).Old.Means[0].ShouldBeGreaterThan(.9);
    }

    private static Func<int, string> FormOf(string form) => form switch
    {
        "number" => document => document.ToString(CultureInfo.InvariantCulture),
        "text" => document => $"doc-{document}",
        _ => document => $"ABCDEF00-0000-0000-0000-{document:D12}",
    };
}
