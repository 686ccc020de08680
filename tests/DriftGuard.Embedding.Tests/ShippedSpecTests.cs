using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests;

/// <summary>Indexes in the field carry these fingerprints: a change here strands them.</summary>
public sealed class ShippedSpecTests
{
    [Theory]
    [InlineData(
        ShippedModels.MiniLm,
        "1b5e3ee6db2ffc3091c78fd46f99db1f5733ca2ef7cc0714478c6ee62cc9fade",
        "99dd560f3991d0cafdffdfdf10d6d31c54e37faeb372f59ca4351355e66cc1ff")]
    [InlineData(
        ShippedModels.Static,
        "e03ca1138d5744cd4299fc051627240d96f214f1920cb458bd6a98ba4476fa13",
        "fcb3a4c96c67f88f37aee026ecaf3ab398a0e23e022e94ad3d67b0f0f27704a5")]
    public void Digest_and_fingerprint_of_a_shipped_model_never_change(string name, string digest, string fingerprint)
    {
        var folder = ModelCatalog.Get(name, [ShippedModels.Root]);

        ModelSpecDigest.Compute(folder.Spec!).ShouldBe(digest);
        folder.Fingerprint!.Value.Id.ShouldBe(fingerprint);
    }
}
