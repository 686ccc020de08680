using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>What the ids of a table are.</summary>
internal enum KeyKind
{
    /// <summary>Whole numbers, which are point ids and sort as those do.</summary>
    Number,

    /// <summary>UUIDs, which are point ids and sort as those do.</summary>
    Uuid,

    /// <summary>Texts, which name points by the rules of <see cref="PointId.FromText"/>.</summary>
    Text,
}

/// <summary>A column whose values are ids.</summary>
/// <param name="Name">Its name, as it is.</param>
/// <param name="Kind">What they are.</param>
internal sealed record KeyColumn(string Name, KeyKind Kind)
{
    /// <summary>The column, quoted.</summary>
    public string Sql => PostgresNames.Column(Name);

    /// <summary>A column by its type in the database.</summary>
    /// <exception cref="OperatorException">Its values can be no ids.</exception>
    public static KeyColumn Of(string name, string type) => new(name, type switch
    {
        "smallint" or "integer" or "bigint" => KeyKind.Number,
        "uuid" => KeyKind.Uuid,
        "text" or "name" or "citext" => KeyKind.Text,
        _ when type.StartsWith("character", StringComparison.Ordinal) => KeyKind.Text,
        _ => throw new OperatorException(OperatorError.Invalid, $"column '{name}' is of type {type}: an id is a smallint, integer, bigint, uuid, text or character varying"),
    });

    /// <summary>A value as text: a number's digits, a UUID in lower case.</summary>
    public string Read(NpgsqlDataReader reader, int ordinal) => Kind switch
    {
        KeyKind.Number => Convert.ToInt64(reader.GetValue(ordinal), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        KeyKind.Uuid => PointId.FromUuid(reader.GetGuid(ordinal)).ToString(),
        _ => reader.GetString(ordinal),
    };

    /// <summary>A parameter of one value.</summary>
    public NpgsqlParameter Parameter(string key) => Kind switch
    {
        KeyKind.Number => new() { Value = long.Parse(key, CultureInfo.InvariantCulture), NpgsqlDbType = NpgsqlDbType.Bigint },
        KeyKind.Uuid => new() { Value = Guid.Parse(key), NpgsqlDbType = NpgsqlDbType.Uuid },
        _ => new() { Value = key, NpgsqlDbType = NpgsqlDbType.Text },
    };

    /// <summary>A parameter of many values; those that cannot be in the column are left out.</summary>
    public NpgsqlParameter Parameter(IEnumerable<string> keys) => Kind switch
    {
        KeyKind.Number => new()
        {
            Value = keys.Where(key => long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)).Select(key => long.Parse(key, CultureInfo.InvariantCulture)).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        },
        KeyKind.Uuid => new() { Value = keys.Where(key => Guid.TryParse(key, out _)).Select(Guid.Parse).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
        _ => new() { Value = keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
    };
}
