using System.Text;

namespace DriftGuard.Core.Embedding;

/// <summary>How members of the spec's enumerations are written: lower case, words joined by hyphens, e.g. <c>chunk-mean</c>.</summary>
public static class SpecWord
{
    /// <summary>The word of a member.</summary>
    public static string Of<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        var word = new StringBuilder(name.Length + 1);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]) && char.IsAsciiLetterLower(name[i - 1]))
                word.Append('-');
            word.Append(char.ToLowerInvariant(name[i]));
        }

        return word.ToString();
    }
}
