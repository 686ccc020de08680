using System.Globalization;

namespace DriftGuard.Worker.Api;

/// <summary>How much of a list is asked for.</summary>
internal static class Paging
{
    /// <summary>The number that is asked for.</summary>
    /// <exception cref="OperatorException">It is none, or too large a one.</exception>
    public static int Limit(int? asked, int usual, int most) => asked is null ? usual
        : asked >= 1 && asked <= most ? asked.Value
        : throw new OperatorException(OperatorError.Invalid, string.Create(CultureInfo.InvariantCulture, $"limit is {asked}: expected a whole number from 1 to {most}"));
}
