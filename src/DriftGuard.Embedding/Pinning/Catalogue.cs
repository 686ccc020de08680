using System.Reflection;

namespace DriftGuard.Embedding.Pinning;

/// <summary>The models that can be pulled by a name. It comes with DriftGuard; nothing is asked for it.</summary>
public static class Catalogue
{
    private const string Prefix = "catalogue/";

    private static readonly Lazy<IReadOnlyList<CatalogueEntry>> All = new(Load);

    /// <summary>The entries, by name.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries => All.Value;

    private static IReadOnlyList<CatalogueEntry> Load() =>
    [
        .. typeof(Catalogue).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => CatalogueEntry.Parse(Read(typeof(Catalogue).Assembly, name), name))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
