using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace DriftGuard.State.Archives;

/// <summary>A table of the state as the model declares it, so that a backup forgets none.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Key">The columns that its rows are ordered by.</param>
/// <param name="Counted">The column that the database counts up by itself; null where there is none.</param>
internal sealed record StateTable(string Name, IReadOnlyList<ArchiveColumn> Columns, IReadOnlyList<string> Key, string? Counted)
{
    /// <summary>All tables, by name.</summary>
    public static IReadOnlyList<StateTable> Of(IModel model) =>
        [.. model.GetEntityTypes().Where(type => type.GetTableName() is not null).Select(Of).OrderBy(table => table.Name, StringComparer.Ordinal)];

    /// <summary>Reads all rows in the order of the key.</summary>
    public string SelectSql() => $"SELECT {Quoted(Columns.Select(column => column.Name))} FROM {Quote(Name)} ORDER BY {Quoted(Key)}";

    /// <summary>Inserts so many rows, whose parameters are called by row and column.</summary>
    public static string InsertSql(string table, IReadOnlyList<ArchiveColumn> columns, int rows)
    {
        var sql = new StringBuilder().Append(CultureInfo.InvariantCulture, $"INSERT INTO {Quote(table)} ({Quoted(columns.Select(column => column.Name))}) VALUES ");
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (").AppendJoin(", ", Enumerable.Range(0, columns.Count).Select(column => ParameterOf(row, column))).Append(')');
        }

        return sql.ToString();
    }

    public static string ParameterOf(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"@p{row}_{column}");

    /// <summary>A name as SQL writes it.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));

    private static StateTable Of(IEntityType type)
    {
        var key = type.FindPrimaryKey()!.Properties;
        return new(
            type.GetTableName()!,
            [.. type.GetProperties().Select(property => new ArchiveColumn(property.GetColumnName(), KindOf(property)))],
            [.. key.Select(property => property.GetColumnName())],
            key is [{ ValueGenerated: ValueGenerated.OnAdd } counted] && KindOf(counted) == ColumnKind.Whole ? counted.GetColumnName() : null);
    }

    private static ColumnKind KindOf(IProperty property)
    {
        var type = property.ClrType == typeof(DateTimeOffset) || property.ClrType == typeof(DateTimeOffset?) ? property.GetTypeMapping().Converter!.ProviderClrType : property.ClrType;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? ColumnKind.Text
            : type == typeof(long) || type == typeof(int) ? ColumnKind.Whole
            : type == typeof(double) ? ColumnKind.Real
            : type == typeof(bool) ? ColumnKind.Boolean
            : type == typeof(byte[]) ? ColumnKind.Bytes
            : type == typeof(DateOnly) ? ColumnKind.Day
            : throw new NotSupportedException($"a backup has no form for {type} of {property.DeclaringType.DisplayName()}.{property.Name}");
    }
}
