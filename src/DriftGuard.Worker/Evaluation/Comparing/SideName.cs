namespace DriftGuard.Worker.Evaluation.Comparing;

/// <summary>What a side is named as.</summary>
internal enum SideKind
{
    /// <summary>Not said: an index or a model.</summary>
    Plain,

    /// <summary>An index, as it is served.</summary>
    Index,

    /// <summary>A collection of Qdrant.</summary>
    Collection,

    /// <summary>A model, which embeds the set's own corpus.</summary>
    Model,
}

/// <summary>One side of a comparison as it was written.</summary>
/// <param name="Kind">What it is said to be.</param>
/// <param name="Name">Its name.</param>
/// <param name="Model">The model that made a collection's vectors, where it is named.</param>
internal sealed record SideName(SideKind Kind, string Name, string? Model)
{
    private static readonly (string Prefix, SideKind Kind)[] Prefixes = [("index:", SideKind.Index), ("collection:", SideKind.Collection), ("model:", SideKind.Model)];

    /// <summary>Reads a side.</summary>
    /// <exception cref="OperatorException">It names nothing.</exception>
    public static SideName Parse(string text)
    {
        var (prefix, kind) = Array.Find(Prefixes, known => text.StartsWith(known.Prefix, StringComparison.Ordinal)) is { Prefix: not null } found ? found : ("", SideKind.Plain);
        var rest = text[prefix.Length..];
        var at = kind == SideKind.Collection ? rest.LastIndexOf('@') : -1;
        var (name, model) = at < 0 ? (rest, null) : (rest[..at], rest[(at + 1)..]);
        return name.Length > 0 && model?.Length != 0
            ? new(kind, name, model)
            : throw new OperatorException(OperatorError.Invalid, $"expected index:NAME, collection:NAME, collection:NAME@MODEL or model:NAME, found '{text}'");
    }
}
