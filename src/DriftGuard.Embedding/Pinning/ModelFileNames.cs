using System.Buffers;
using System.Text.RegularExpressions;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Pinning;

/// <summary>
/// Names that come from a catalogue, a lock file or a hub and become names on this disk: none of them leaves its folder, on any
/// operating system.
/// </summary>
internal static partial class ModelFileNames
{
    // Windows drops trailing dots and blanks, reads colons as streams and keeps names such as NUL for devices.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|");

    /// <summary>Whether a model's name can be the name of its folder.</summary>
    /// <exception cref="PinningException">It cannot.</exception>
    public static string CheckModelName(string name) => Name().IsMatch(name) && !IsDevice(name) && !name.EndsWith('.')
        ? name
        : throw new PinningException(PinningFailure.Invalid,
            $"'{name}' cannot be the name of a model: expected letters, digits, '.', '_' and '-', at most 128, beginning with a letter or digit.");

    /// <summary>Whether a path stays in a model's folder, and is not that of its model.yaml.</summary>
    /// <exception cref="PinningException">It does not.</exception>
    public static string CheckPath(string path)
    {
        var segments = path.Split('/');
        var sound = path.Length <= 512 && segments.All(IsSound)
            && !string.Equals(path, ModelSpecFile.Name, StringComparison.OrdinalIgnoreCase);
        return sound ? path : throw new PinningException(PinningFailure.Invalid,
            $"'{path}' cannot be a file of a model: expected a path inside the model's folder, with '/' between names, other than {ModelSpecFile.Name}.");
    }

    /// <summary>Whether paths can lie in one folder.</summary>
    /// <exception cref="PinningException">Two are the same where case does not count, or one is a folder of another.</exception>
    public static void CheckTogether(IEnumerable<string> paths)
    {
        var sorted = paths.Order(StringComparer.OrdinalIgnoreCase).ToList();
        for (var i = 0; i < sorted.Count; i++)
        {
            for (var j = i + 1; j < sorted.Count; j++)
            {
                if (string.Equals(sorted[i], sorted[j], StringComparison.OrdinalIgnoreCase)
                    || sorted[j].StartsWith(sorted[i] + "/", StringComparison.OrdinalIgnoreCase))
                {
                    throw new PinningException(PinningFailure.Invalid, $"'{sorted[i]}' and '{sorted[j]}' cannot lie in one folder.");
                }
            }
        }
    }

    private static bool IsSound(string segment) =>
        segment.Length > 0 && segment is not "." and not ".." && !segment.EndsWith('.') && !segment.EndsWith(' ')
        && !segment.AsSpan().ContainsAny(Forbidden) && !segment.Any(char.IsControl) && !IsDevice(segment);

    private static bool IsDevice(string name) => Device().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(con|prn|aux|nul|com\d|lpt\d)(\.|\z)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Device();
}
