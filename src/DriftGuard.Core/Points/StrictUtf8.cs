using System.Text;

namespace DriftGuard.Core.Points;

/// <summary>UTF-8 that refuses a lone surrogate, where the framework's default would write U+FFFD and make different texts one.</summary>
internal static class StrictUtf8
{
    public static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The text holds a lone surrogate.</exception>
    public static byte[] GetBytes(string text, string parameter)
    {
        Require(text, parameter);
        return Encoding.GetBytes(text);
    }

    /// <exception cref="ArgumentException">The text holds a lone surrogate.</exception>
    public static void Require(string text, string parameter)
    {
        var index = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        while (index >= 0)
        {
            if (!char.IsSurrogatePair(text, index))
            {
                throw new ArgumentException(
                    $"the text holds a lone surrogate (U+{(int)text[index]:X4} at position {index}), which is no Unicode text: "
                    + "mend the text where it was cut or decoded",
                    parameter);
            }
            var next = text.AsSpan(index + 2).IndexOfAnyInRange('\uD800', '\uDFFF');
            index = next < 0 ? next : index + 2 + next;
        }
    }
}
