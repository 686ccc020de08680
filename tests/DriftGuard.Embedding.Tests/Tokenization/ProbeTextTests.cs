using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization.Bert;

namespace DriftGuard.Embedding.Tests.Tokenization;

public sealed class ProbeTextTests
{
    private static readonly Lazy<byte[]> Vocabulary = new(() => File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(ShippedModels.MiniLm), "vocab.txt")));

    [Fact]
    public void Long_probes_are_longer_than_the_usual_token_limits()
    {
        var tokenizer = BertTextTokenizer.Create(Vocabulary.Value, new TokenizerSpec());

        foreach (var probe in ProbeSet.Current.Probes)
        {
            var tokens = tokenizer.Encode(probe.Text).Length;
            if (probe.Category == ProbeCategories.OverLong)
                tokens.ShouldBeGreaterThan(600, probe.Id);
            else
                tokens.ShouldBeLessThan(64, probe.Id);
        }
    }

    [Fact]
    public async Task Every_probe_has_a_vector_even_where_unknown_words_have_none()
    {
        using var model = ShippedModels.Open(ShippedModels.Static);

        foreach (var probe in ProbeSet.Current.Probes)
            (await model.EmbedAsync([probe.Text], probe.Kind))[0].Failure.ShouldBeNull(probe.Id);
    }
}
