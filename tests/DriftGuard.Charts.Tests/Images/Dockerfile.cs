using System.Text.RegularExpressions;

namespace DriftGuard.Charts.Tests.Images;

/// <summary>One instruction of a Dockerfile.</summary>
/// <param name="Stage">The stage that it is in, by name.</param>
/// <param name="Name">Its name in capitals.</param>
/// <param name="Arguments">What follows, on one line.</param>
internal sealed record Instruction(string Stage, string Name, string Arguments)
{
    /// <summary>The words that are no options.</summary>
    public string[] Words => [.. Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !word.StartsWith("--", StringComparison.Ordinal))];

    /// <summary>The value of an option such as <c>--from</c>; null where it is not there.</summary>
    public string? Option(string name) => Arguments.Split(' ').FirstOrDefault(word => word.StartsWith($"--{name}=", StringComparison.Ordinal))?.Split('=', 2)[1];
}

/// <summary>Reads a Dockerfile, as far as ours goes.</summary>
internal static partial class Dockerfile
{
    public static IReadOnlyList<Instruction> Parse(string text)
    {
        var stage = "";
        var instructions = new List<Instruction>();
        foreach (var line in Continuation().Replace(Comment().Replace(text, ""), " ").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, arguments) = line.Split(' ', 2) is [var first, var rest] ? (first, rest) : (line, "");
            stage = name is "FROM" ? arguments.Split(" AS ")[^1] : stage;
            instructions.Add(new(stage, name, arguments.Trim()));
        }

        return instructions;
    }

    [GeneratedRegex(@"^\s*#.*\n", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Continuation();
}
