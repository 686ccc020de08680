using System.Text.Json;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Tests.Points;

public class ContentHashTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Points", "Goldens", "content-hash.json"))).RootElement;

    [Fact]
    public void The_content_hash_is_the_golden_one_in_all_cases()
    {
        var cases = Golden.GetProperty("cases").EnumerateArray().ToList();
        cases.Count.ShouldBe(60);
        foreach (var item in cases)
        {
            var text = string.Concat(Enumerable.Repeat(item.GetProperty("text").GetString(), item.GetProperty("repeat").GetInt32()));
            ContentHash.Of(text).ShouldBe(item.GetProperty("sha256").GetString(), item.GetProperty("name").GetString());
        }
    }

    [Fact]
    public void A_lone_surrogate_is_refused_with_its_position()
    {
        // Not inline data: an attribute is stored as UTF-8, which cannot hold these.
        foreach (var (text, position) in new[] { ("\uD83D", 0), ("a\uDE00", 1), ("ok \uD83D\uDE00 then \uD83D!", 11), ("\uDE00\uD83D", 0) })
            Should.Throw<ArgumentException>(() => ContentHash.Of(text)).Message.ShouldContain($"position {position})");
    }

    [Fact]
    public void A_runtime_that_does_not_normalise_is_refused_instead_of_hashing_otherwise()
    {
        ContentHash.Composes(static text => text).ShouldBeFalse();
        ContentHash.Composes(static text => text.Normalize()).ShouldBeTrue();
        Should.Throw<PlatformNotSupportedException>(() => ContentHash.RequireNfc(works: false)).Message.ShouldContain("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
    }
}
