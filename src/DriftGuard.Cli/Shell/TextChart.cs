using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>Small charts of characters: blocks on a terminal, plain characters elsewhere. What they show stands beside them as figures.</summary>
/// <param name="blocks">Whether block characters may be used.</param>
internal sealed class TextChart(bool blocks)
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Plain = "_.-:=+*#";

    private char Full => blocks ? '█' : '#';

    /// <summary>Charts for a console.</summary>
    public static TextChart For(IAnsiConsole console) => new(console.IsTerminal() && console.Profile.Capabilities.Unicode);

    /// <summary>A character for each value, as high as it is between the least and the largest; a blank for one that is no number.</summary>
    public string Sparkline(IReadOnlyList<double?> values)
    {
        var known = values.Where(value => value is { } number && double.IsFinite(number)).Select(value => value!.Value).ToList();
        var (least, most) = known.Count == 0 ? (0, 0) : (known.Min(), known.Max());
        return string.Concat(values.Select(value => value is not { } number || !double.IsFinite(number) ? ' ' : Step(most > least ? (number - least) / (most - least) : 0)));
    }

    /// <summary>A character for each share, from 0 to 1; a dot for none.</summary>
    public string Strip(IEnumerable<double> shares) => string.Concat(shares.Select(share => share <= 0 ? '.' : Step(share)));

    /// <summary>A bar as long as a part of a width, with a mark where a limit lies.</summary>
    /// <param name="part">Its length, 0 to 1.</param>
    /// <param name="width">Characters that 1 takes.</param>
    /// <param name="limit">Where the limit lies, 0 to 1; null for none.</param>
    public string Bar(double part, int width, double? limit = null)
    {
        var line = new char[width];
        var length = Position(part, width + 1);
        for (var i = 0; i < width; i++)
        {
            line[i] = i < length ? Full : ' ';
        }

        if (limit is { } mark)
        {
            line[Position(mark, width)] = '|';
        }

        return new string(line).TrimEnd();
    }

    /// <summary>An interval with its value on a line, and a mark at zero.</summary>
    /// <param name="interval">Lower end, value, upper end.</param>
    /// <param name="reach">What the line covers to either side of zero, above 0.</param>
    /// <param name="width">Characters of the line.</param>
    public string Interval((double Lower, double Value, double Upper) interval, double reach, int width)
    {
        var line = new string(' ', width).ToCharArray();
        var (from, to) = (At(interval.Lower), At(interval.Upper));
        for (var i = from; i <= to; i++)
        {
            line[i] = blocks ? '─' : '-';
        }

        line[At(0)] = '|';
        line[At(interval.Value)] = blocks ? '●' : 'o';
        return new string(line).TrimEnd();

        int At(double value) => Position((value + reach) / (2 * reach), width);
    }

    private static int Position(double part, int width) => double.IsNaN(part) ? 0 : (int)Math.Clamp(part * width, 0, width - 1);

    private char Step(double height) => (blocks ? Blocks : Plain)[Position(height, Blocks.Length)];
}
