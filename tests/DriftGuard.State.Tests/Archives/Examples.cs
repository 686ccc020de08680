using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace DriftGuard.State.Tests.Archives;

/// <summary>Rows of every entity type of the model, made from the model: a type that is added is among them.</summary>
internal static class Examples
{
    private static readonly string[] Texts = ["plain", "two\nlines, \"quotes\" and a \\", "ünïcödé 漢字 🦉 \u2028", ""];

    /// <summary>Adds some rows of each type: with and without values that may be missing, and with values at their ends.</summary>
    public static async Task AddAsync(StateContext context, CancellationToken cancellation)
    {
        foreach (var type in context.Model.GetEntityTypes())
        {
            for (var row = 1; row <= 3; row++)
            {
                context.Add(Make(type, row));
            }
        }

        await context.SaveChangesAsync(cancellation);
        context.ChangeTracker.Clear();
    }

    /// <summary>Everything that a state holds, by type, each row in words.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(StateContext context, CancellationToken cancellation)
    {
        var all = new List<string>();
        foreach (var type in context.Model.GetEntityTypes())
        {
            var rows = (Task<IReadOnlyList<string>>)typeof(Examples).GetMethod(nameof(RowsAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.ClrType).Invoke(null, [context, type, cancellation])!;
            all.AddRange((await rows).Select(row => $"{type.ClrType.Name}: {row}"));
        }

        return all;
    }

    private static async Task<IReadOnlyList<string>> RowsAsync<T>(StateContext context, IEntityType type, CancellationToken cancellation)
        where T : class
    {
        var rows = await context.Set<T>().AsNoTracking().ToListAsync(cancellation);
        return [.. rows.Select(row => string.Join(" | ", type.GetProperties().Select(property => $"{property.Name}={InWords(property.PropertyInfo!.GetValue(row))}"))).Order(StringComparer.Ordinal)];
    }

    private static string InWords(object? value) => value switch
    {
        null => "(none)",
        byte[] bytes => $"{bytes.Length} bytes {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes))[..8]}",
        double real => BitConverter.DoubleToInt64Bits(real).ToString("x16", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcTicks.ToString(CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static object Make(IEntityType type, int row)
    {
        var made = Activator.CreateInstance(type.ClrType)!;
        foreach (var property in type.GetProperties())
        {
            var missing = property.IsNullable && row == 2;
            property.PropertyInfo!.SetValue(made, missing ? null : Value(property, row));
        }

        return made;
    }

    private static object Value(IProperty property, int row)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        var isKey = property.IsKey() || property.IsIndex();
        return type == typeof(string) ? isKey ? $"{property.Name}-{row}" : Texts[row % Texts.Length]
            : type == typeof(long) ? isKey ? row * 1_000L : row == 3 ? long.MaxValue : row
            : type == typeof(int) ? row == 3 && !isKey ? int.MinValue : row
            : type == typeof(double) ? row == 3 ? double.Epsilon : Math.PI * row
            : type == typeof(bool) ? row != 1
            : type == typeof(byte[]) ? Enumerable.Range(0, row * 100).Select(i => (byte)i).ToArray()
            : type == typeof(DateOnly) ? new DateOnly(2026, 2, row)
            : type == typeof(DateTimeOffset) ? new DateTimeOffset(2026, 2, row, 3, 4, 5, TimeSpan.Zero).AddTicks(7)
            : throw new NotSupportedException($"{property}: make a value of {type}");
    }
}
