using System.Globalization;
using System.Xml.Linq;

namespace DriftGuard.Worker.Reports;

/// <summary>Shapes of small charts inside a page. Their colours are the page's classes; what a colour says, a shape or a word says too.</summary>
internal static class Svg
{
    /// <summary>A chart with its description, for those who do not see it, and its caption.</summary>
    public static XElement Figure(double width, double height, string caption, IEnumerable<XElement> shapes) => new(
        "figure",
        new XElement(
            "svg", new XAttribute("viewBox", FormattableString.Invariant($"0 0 {width:0.#} {height:0.#}")), new XAttribute("role", "img"), new XAttribute("aria-label", XmlText.Of(caption)),
            new XElement("title", XmlText.Of(caption)), shapes),
        new XElement("figcaption", XmlText.Of(caption)));

    public static XElement Line(string css, double x1, double y1, double x2, double y2) => new(
        "line", new XAttribute("class", css), Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2));

    public static XElement Rectangle(string css, double x, double y, double width, double height, string? tip = null) => Tipped(
        new("rect", new XAttribute("class", css), Number("x", x), Number("y", y), Number("width", Math.Max(0, width)), Number("height", Math.Max(0, height))), tip);

    public static XElement Dot(string css, double x, double y, string? tip = null) => Tipped(
        new("circle", new XAttribute("class", css), Number("cx", x), Number("cy", y), Number("r", 3)), tip);

    /// <summary>A cross, for what is out of bounds: told from a dot without its colour.</summary>
    public static XElement Cross(string css, double x, double y, string? tip = null) => Tipped(
        new("path", new XAttribute("class", css), new XAttribute("d", FormattableString.Invariant($"M{x - 4:0.#} {y - 4:0.#}L{x + 4:0.#} {y + 4:0.#}M{x - 4:0.#} {y + 4:0.#}L{x + 4:0.#} {y - 4:0.#}"))), tip);

    public static XElement Label(double x, double y, string text, string anchor = "start") => new(
        "text", Number("x", x), Number("y", y), new XAttribute("text-anchor", anchor), XmlText.Of(text));

    /// <summary>The end or a step of a scale: no figure of what is drawn.</summary>
    public static XElement Scale(double x, double y, string text, string anchor = "start")
    {
        var label = Label(x, y, text, anchor);
        label.Add(new XAttribute("class", "scale"));
        return label;
    }

    private static XElement Tipped(XElement shape, string? tip)
    {
        if (tip is not null)
        {
            shape.Add(new XElement("title", XmlText.Of(tip)));
        }

        return shape;
    }

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.##", CultureInfo.InvariantCulture));
}
