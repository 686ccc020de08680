using System.Numerics.Tensors;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Variants;
using DriftGuard.Testing.Models;

namespace DriftGuard.Embedding.Tests.Variants;

/// <summary>The probes are moved by what they are there for: each change by enough of them, far beyond what a quantised graph's noise is.</summary>
public sealed class ProbeSensitivityTests(ITestOutputHelper output)
{
    private const double Moved = .01;

    [Fact]
    public async Task Changes_of_MiniLM_move_the_probes_that_are_meant_for_them()
    {
        using var several = VariantEmbedder.Open(ShippedModels.DirectoryOf(ShippedModels.MiniLm), new() { Sessions = 1 });
        var spec = several.Spec with { MaxTokens = 512 };
        var probes = ProbeSet.Current.Probes;
        var stored = await EmbedAsync(several, spec, probes);

        async Task<IReadOnlyDictionary<string, int>> MovedAsync(ModelSpec variant)
        {
            var distances = (await EmbedAsync(several, variant, probes)).Zip(stored, Distance).ToList();
            var moved = probes.Zip(distances).Where(p => p.Second > Moved).CountBy(p => p.First.Category).ToDictionary(StringComparer.Ordinal);
            output.WriteLine(FormattableString.Invariant(
                $"{variant.MaxTokens} {variant.Pooling} lower {variant.Tokenizer!.LowerCase} strip {variant.Tokenizer.StripAccents}: ")
                + FormattableString.Invariant($"median {distances.Order().ElementAt(32):g3}, most {distances.Max():g3}, moved {moved.Values.Sum()}: {string.Join(", ", moved)}"));
            return moved;
        }

        foreach (var limit in new[] { 64, 128, 256 })
        {
            var moved = await MovedAsync(spec with { MaxTokens = limit });
            moved.Keys.ShouldBe([ProbeCategories.OverLong]);
            moved[ProbeCategories.OverLong].ShouldBe(8);
        }

        (await MovedAsync(spec with { Pooling = Pooling.Cls })).Values.Sum().ShouldBe(64);
        (await MovedAsync(spec with { Tokenizer = spec.Tokenizer! with { LowerCase = false } })).Values.Sum().ShouldBeGreaterThan(32);
        var accents = await MovedAsync(spec with { Tokenizer = spec.Tokenizer! with { StripAccents = false } });
        (accents[ProbeCategories.CaseAndAccents] + accents[ProbeCategories.Script]).ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public async Task Changes_of_the_prefixes_of_e5_move_queries_and_documents_apart()
    {
        var files = Environment.GetEnvironmentVariable("DRIFTGUARD_E5_MODEL_DIR");
        Assert.SkipWhen(string.IsNullOrEmpty(files), "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
        using var copies = new ModelCopies();
        using var several = VariantEmbedder.Open(ModelCopy.OfE5(files, copies.Next()).Directory, new() { Sessions = 1 });
        Probe[] probes = [.. ProbeSet.Current.Probes.Where(p => p.Category != ProbeCategories.OverLong)];
        var stored = await EmbedAsync(several, several.Spec, probes);

        foreach (var variant in SpecVariants.Of(several.Spec).Where(v => v.OnlyFor is not null && v.Spec.MaxTokens == several.Spec.MaxTokens))
        {
            var distances = (await EmbedAsync(several, variant.Spec, probes)).Zip(stored, Distance).ToList();
            var moved = probes.Zip(distances).Where(p => p.Second > Moved).Select(p => p.First).ToList();
            output.WriteLine($"{variant.Name}: most {distances.Max():g3}, moved {moved.Count}");
            moved.ShouldAllBe(p => p.Kind == variant.OnlyFor, variant.Name);
            moved.Count.ShouldBeGreaterThan(probes.Count(p => p.Kind == variant.OnlyFor) / 2, variant.Name);
        }
    }

    private static double Distance(float[] a, float[] b) => 1.0 - TensorPrimitives.CosineSimilarity<float>(a, b);

    private static async Task<float[][]> EmbedAsync(VariantEmbedder several, ModelSpec spec, IReadOnlyList<Probe> probes)
    {
        var vectors = new Dictionary<Probe, float[]>();
        foreach (var group in probes.GroupBy(p => p.Kind))
        {
            foreach (var (probe, outcome) in group.Zip(await several.EmbedAsync(spec, [.. group.Select(p => p.Text)], group.Key)))
                vectors[probe] = outcome.Vector!;
        }

        return [.. probes.Select(p => vectors[p])];
    }
}
