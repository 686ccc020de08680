using System.Globalization;
using System.Text;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Tests.Drift.Probes;

public sealed class ProbeSetTests
{
    /// <summary>Not to be changed, and neither is the file: stored vectors belong to these texts. A change of probes is a new version.</summary>
    [Theory]
    [InlineData(1, "74248e8edfc462731fe051bdcadba189c41a9bcf256e7fe9e8605a20f3940c91")]
    public void A_version_is_the_same_for_ever(int version, string sha256) => ProbeSet.Get(version).Sha256.ShouldBe(sha256);

    [Fact]
    public void There_are_64_probes_with_ids_and_texts_of_their_own()
    {
        var probes = ProbeSet.Current.Probes;

        probes.Count.ShouldBe(64);
        probes.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count().ShouldBe(64);
        probes.Select(p => p.Text).Distinct(StringComparer.Ordinal).Count().ShouldBe(64);
        probes.ShouldAllBe(p => p.Text.Length > 0 && p.Text == p.Text.Trim() && p.Text.IsNormalized(NormalizationForm.FormC));
    }

    [Theory]
    [InlineData(ProbeCategories.OverLong, 8)]
    [InlineData(ProbeCategories.CaseAndAccents, 8)]
    [InlineData(ProbeCategories.Script, 8)]
    [InlineData(ProbeCategories.Polysemy, 4)]
    [InlineData(ProbeCategories.WordOrder, 4)]
    [InlineData(ProbeCategories.Code, 4)]
    [InlineData(ProbeCategories.Everyday, 16)]
    public void Every_kind_of_change_has_enough_probes(string category, int least) =>
        ProbeSet.Current.Probes.Count(p => p.Category == category).ShouldBeGreaterThanOrEqualTo(least);

    [Fact]
    public void Both_kinds_of_input_are_probed()
    {
        var queries = ProbeSet.Current.Probes.Where(p => p.Kind == InputKind.Query).ToList();

        queries.Count.ShouldBeInRange(12, 32);
        queries.ShouldAllBe(p => p.Text.Length < 100);
    }

    [Fact]
    public void What_is_about_letters_has_the_letters()
    {
        ProbeSet.Current.Probes.Where(p => p.Category == ProbeCategories.CaseAndAccents)
            .ShouldAllBe(p => p.Text.Normalize(NormalizationForm.FormD).Any(c => char.IsUpper(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark));
        ProbeSet.Current.Probes.Where(p => p.Category == ProbeCategories.Script)
            .ShouldAllBe(p => p.Text.Count(c => char.IsLetter(c) && c > 0x24f) > 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_version_that_is_not_known_is_refused(int version) =>
        Should.Throw<ArgumentOutOfRangeException>(() => ProbeSet.Get(version)).Message.ShouldContain("probe sets 1 to 1");

    [Fact]
    public void The_current_set_is_the_latest() => ProbeSet.Current.ShouldBeSameAs(ProbeSet.Get(1));
}
