using System.Globalization;
using System.Text.Json;

namespace DriftGuard.Worker.Drift.Queries;

/// <summary>A query of a log.</summary>
/// <param name="Text">Its text; null where only the vector was logged.</param>
/// <param name="Vector">The vector that it searched with; null where only the text was logged.</param>
/// <param name="Session">Who asked; null where that is not known.</param>
/// <param name="At">When.</param>
/// <param name="Fingerprint">The fingerprint that it was embedded under; null for the index' own.</param>
internal sealed record LoggedQuery(string? Text, float[]? Vector, string? Session, DateTimeOffset At, string? Fingerprint);

/// <summary>A log of queries: JSON Lines of <c>text</c> or <c>vector</c>, and where known <c>session</c>, <c>at</c> (ISO 8601) and <c>fingerprint</c>.</summary>
internal static class QueryLog
{
    private const int ProblemsShown = 10;

    /// <summary>Reads a whole log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimensions">Length of a vector of the index' model.</param>
    /// <param name="now">When queries without a time were asked, and after which none can have been.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">The file cannot be read, or lines of it are wrong; the message lists them.</exception>
    public static async Task<IReadOnlyList<LoggedQuery>> ReadAsync(string path, int dimensions, DateTimeOffset now, CancellationToken cancellation)
    {
        var (queries, problems, line) = (new List<LoggedQuery>(), new List<string>(), 0);
        try
        {
            await foreach (var text in File.ReadLinesAsync(path, cancellation))
            {
                line++;
                if (text.Trim().Length == 0)
                {
                    continue;
                }

                try
                {
                    queries.Add(Read(text, dimensions, now));
                }
                catch (FormatException problem)
                {
                    problems.Add(string.Create(CultureInfo.InvariantCulture, $"{path}:{line}: {problem.Message}"));
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Invalid, $"the query log cannot be read: {error.Message}");
        }

        return problems.Count == 0 ? queries : throw new OperatorException(OperatorError.Invalid,
            $"the query log has {problems.Count} problem(s), nothing was imported:\n  {string.Join("\n  ", problems.Take(ProblemsShown))}{(problems.Count > ProblemsShown ? $"\n  and {problems.Count - ProblemsShown} more" : "")}");
    }

    private static LoggedQuery Read(string line, int dimensions, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return Of(document.RootElement, dimensions, now);
        }
        catch (JsonException problem)
        {
            throw new FormatException("expected one JSON object with 'text' or 'vector', found something that is no JSON", problem);
        }
        catch (InvalidOperationException problem)
        {
            // JSON can escape what Unicode does not have.
            throw new FormatException("holds half of a surrogate pair (\\ud800 to \\udfff), which is no character", problem);
        }
    }

    private static LoggedQuery Of(JsonElement json, int dimensions, DateTimeOffset now)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"expected one JSON object with 'text' or 'vector', found {json.ValueKind}");
        }

        var text = Text(json, "text");
        var vector = Vector(json, dimensions);
        if (string.IsNullOrWhiteSpace(text) && vector is null)
        {
            throw new FormatException("has neither a 'text' nor a 'vector'");
        }

        var fingerprint = Text(json, "fingerprint");
        if (fingerprint is not null && !Core.Embedding.Fingerprint.TryParse(fingerprint, out _))
        {
            throw new FormatException($"'fingerprint' is '{fingerprint}': expected 64 lower-case hex digits");
        }

        return new(string.IsNullOrWhiteSpace(text) ? null : text, vector, Text(json, "session"), At(json, now), fingerprint);
    }

    private static string? Text(JsonElement json, string key) => !json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw new FormatException($"'{key}' is {value.ValueKind}: expected a text");

    private static DateTimeOffset At(JsonElement json, DateTimeOffset now)
    {
        if (Text(json, "at") is not { } text)
        {
            return now;
        }

        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            throw new FormatException($"'at' is '{text}': expected a time such as 2026-11-24T08:15:00Z");
        }

        return at <= now.AddMinutes(5) ? at : throw new FormatException($"'at' is '{text}', which is to come");
    }

    private static float[]? Vector(JsonElement json, int dimensions)
    {
        if (!json.TryGetProperty("vector", out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(component => component.ValueKind != JsonValueKind.Number))
        {
            throw new FormatException("'vector' is no list of numbers");
        }

        float[] vector = [.. value.EnumerateArray().Select(component => component.GetSingle())];
        if (vector.Length != dimensions)
        {
            throw new FormatException($"'vector' has {vector.Length} dimensions, the index has {dimensions}");
        }

        return vector.All(float.IsFinite) && vector.Any(component => component != 0) ? vector : throw new FormatException("'vector' is zero or holds numbers that are not finite");
    }
}
