namespace DriftGuard.Core.Access;

/// <summary>What somebody may do. Roles say nothing of the data of indexes, but for an admin, who may everything.</summary>
/// <param name="Role">With the installation.</param>
/// <param name="Read">Indexes that may be read, by name, or <see cref="Every"/>; whoever may write one may read it.</param>
/// <param name="Write">Indexes whose points may be written, by name, or <see cref="Every"/>.</param>
public sealed record Grants(ManagementRole Role, IReadOnlyList<string> Read, IReadOnlyList<string> Write)
{
    /// <summary>Stands for all indexes, those of the future included.</summary>
    public const string Every = "*";

    /// <summary>Nothing.</summary>
    public static Grants Nothing { get; } = new(ManagementRole.None, [], []);

    /// <summary>Everything.</summary>
    public static Grants Everything { get; } = new(ManagementRole.Admin, [Every], [Every]);

    /// <summary>Whether something is allowed.</summary>
    /// <param name="right">What is needed.</param>
    /// <param name="index">The index whose data it is about; null asks whether there is any index for which it holds.</param>
    public bool Allow(Right right, string? index) => right switch
    {
        Right.View => Role >= ManagementRole.Viewer,
        Right.Operate => Role >= ManagementRole.Operator,
        Right.Administer => Role == ManagementRole.Admin,
        Right.ReadIndex => Role == ManagementRole.Admin || Names(Read, index) || Names(Write, index),
        Right.WriteIndex => Role == ManagementRole.Admin || Names(Write, index),
        _ => false,
    };

    /// <summary>The same as words, such as <c>operator, reads docs, writes nothing</c>.</summary>
    public override string ToString() =>
        $"{Role.ToString().ToLowerInvariant()}, reads {Words(Role == ManagementRole.Admin ? [Every] : Read)}, writes {Words(Role == ManagementRole.Admin ? [Every] : Write)}";

    private static bool Names(IReadOnlyList<string> indexes, string? index) =>
        index is null ? indexes.Count > 0 : indexes.Contains(Every, StringComparer.Ordinal) || indexes.Contains(index, StringComparer.Ordinal);

    private static string Words(IReadOnlyList<string> indexes) => indexes switch
    {
        [] => "nothing",
        _ when indexes.Contains(Every, StringComparer.Ordinal) => "every index",
        _ => string.Join(' ', indexes),
    };
}
