namespace DriftGuard.Worker.Sources.Postgres;

/// <summary>Names of tables and columns, quoted: nothing in a name is ever SQL.</summary>
internal static class PostgresNames
{
    // PostgreSQL cuts longer names off silently, and would then find another column.
    private const int LongestName = 63;

    /// <summary>A column, quoted.</summary>
    /// <exception cref="OperatorException">It is no name.</exception>
    public static string Column(string name) => WhyNot(name) is { } why
        ? throw new OperatorException(OperatorError.Invalid, $"'{name}' is no name of a column: {why}")
        : Quote(name);

    /// <summary>A table or view, with its schema where it has one, quoted.</summary>
    /// <exception cref="OperatorException">It is no name.</exception>
    public static string Table(string name) => WhyNotATable(name) is { } why
        ? throw new OperatorException(OperatorError.Invalid, why)
        : string.Join('.', name.Split('.').Select(Quote));

    /// <summary>What is wrong with a table's name; null if nothing is.</summary>
    public static string? WhyNotATable(string name) => name.Split('.') is var parts && parts.Length <= 2 && parts.All(part => WhyNot(part) is null)
        ? null
        : $"'{name}' is no name of a table: expected TABLE or SCHEMA.TABLE, each of 1 to {LongestName} bytes, as they are spelt in the database and without quotes";

    private static string? WhyNot(string name) =>
        name.Length == 0 ? "it is empty"
        : name.Contains('\0', StringComparison.Ordinal) ? "it holds a character 0"
        : System.Text.Encoding.UTF8.GetByteCount(name) > LongestName ? $"it is longer than {LongestName} bytes"
        : null;

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
