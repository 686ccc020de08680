using System.Text.Json;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands.Model;

/// <summary>A text and the line of the file on which it stands, from 1.</summary>
internal readonly record struct TextLine(int Line, string Text);

/// <summary>Texts from a file: one a line, or JSON Lines with <c>text</c> where the first line that is not blank is a JSON object. Blank lines are passed over.</summary>
internal static class TextFile
{
    /// <exception cref="CommandException">The file cannot be read, or a line is no object with a text.</exception>
    public static List<TextLine> Read(string file)
    {
        try
        {
            var (texts, number, isJson) = (new List<TextLine>(), 0, (bool?)null);
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                isJson ??= line.TrimStart().StartsWith('{');
                texts.Add(new(number, isJson.Value ? TextOf(line) ?? throw NoText(file, number) : line));
            }

            return texts;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"'{file}' cannot be read: {e.Message}", innerException: e);
        }
    }

    private static CommandException NoText(string file, int line) => new(ExitCode.Usage, $"{file}:{line}: expected a JSON object with a text under 'text'");

    private static string? TextOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String
                ? text.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half of a surrogate pair
        {
            return null;
        }
    }
}
