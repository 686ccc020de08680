using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization.Bert;

namespace DriftGuard.Embedding.Tests.Tokenization;

public sealed class ProbeLengthTests
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
}
