using System.Text.Json;

namespace DriftGuard.State.Archives;

/// <summary>What a backup of the state says of itself: the entry <c>manifest.json</c> of its file.</summary>
public sealed record ArchiveManifest
{
    /// <summary>The form of the file that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    internal const string EntryName = "manifest.json";
    internal const string SumEntryName = "manifest.json.sha256";

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The form of the file.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>The schema of the state, by a name that is the same on every database.</summary>
    public required string Schema { get; init; }

    /// <summary>The version of DriftGuard that wrote it.</summary>
    public required string DriftGuardVersion { get; init; }

    /// <summary>When the snapshot was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The database that it is of; holds no secret.</summary>
    public required string Source { get; init; }

    /// <summary>The machine that it was taken on.</summary>
    public required string Machine { get; init; }

    /// <summary>The latest lease epoch that had been given out; 0 before the first.</summary>
    public required long LeaseEpoch { get; init; }

    /// <summary>The latest sequence of the outbox that had been given out; 0 before the first.</summary>
    public required long OutboxSequence { get; init; }

    /// <summary>The tables, by name.</summary>
    public required IReadOnlyList<ArchiveTable> Tables { get; init; }

    /// <summary>All rows.</summary>
    public long Rows => Tables.Sum(table => table.Rows);
}

/// <summary>A table of a backup: an entry of JSON Lines, an object a row, by the order of its key.</summary>
/// <param name="Name">Its name in the database.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Bytes">Length of the entry.</param>
/// <param name="Sha256">Digest of the entry, in hex.</param>
public sealed record ArchiveTable(string Name, IReadOnlyList<ArchiveColumn> Columns, long Rows, long Bytes, string Sha256)
{
    internal string EntryName => EntryNameOf(Name);

    internal static string EntryNameOf(string table) => $"tables/{table}.jsonl";
}

/// <summary>A column of a table in a backup.</summary>
/// <param name="Name">Its name in the database, and in the row's object; a row without it has null.</param>
/// <param name="Kind">What its values are.</param>
public sealed record ArchiveColumn(string Name, ColumnKind Kind);

/// <summary>What the values of a column are, on every database.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<ColumnKind>))]
public enum ColumnKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number of 64 bits; times are UTC ticks.</summary>
    Whole,

    /// <summary>An IEEE 754 double.</summary>
    Real,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Bytes; base64 in the row's object.</summary>
    Bytes,

    /// <summary>A day; <c>yyyy-MM-dd</c> in the row's object.</summary>
    Day,
}
