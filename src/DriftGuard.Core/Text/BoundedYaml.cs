using System.Runtime.InteropServices;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DriftGuard.Core.Text;

/// <summary>
/// The parts of a YAML text, up to a depth and a number that no text of a person reaches: what reads them goes as deep as they are, and an alias
/// stands for all that it names.
/// </summary>
/// <param name="inner">Where the parts come from.</param>
internal sealed class BoundedYaml(IParser inner) : IParser
{
    /// <summary>Levels of lists and mappings within each other.</summary>
    public const int Deepest = 64;

    private const int MostNodes = 100_000;

    private readonly Dictionary<AnchorName, Extent> _anchors = [];
    private readonly Stack<Open> _open = new();
    private int _nodes;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        if (!inner.MoveNext())
            return false;
        switch (Current)
        {
            case MappingStart or SequenceStart:
                _open.Push(new(((NodeEvent)Current).Anchor, _nodes));
                Count(new(1, 0), Current);
                break;
            case MappingEnd or SequenceEnd:
                Close(_open.Pop());
                break;
            case Scalar scalar:
                Count(new(1, 0), scalar);
                Remember(scalar.Anchor, new(1, 0));
                break;
            case AnchorAlias alias:
                Count(_anchors.TryGetValue(alias.Value, out var named) ? named : throw Refusal(alias, IsOpen(alias.Value) ? $"'{alias.Value}' stands within itself" : $"there is no '&{alias.Value}' before it"), alias);
                break;
        }

        return true;
    }

    private void Close(Open closed)
    {
        Remember(closed.Anchor, new(_nodes - closed.NodesBefore, closed.Height));
        if (_open.TryPeek(out var around))
            around.Height = Math.Max(around.Height, closed.Height + 1);
    }

    private void Count(Extent extent, ParsingEvent at)
    {
        _nodes += extent.Nodes;
        if (_open.TryPeek(out var around))
            around.Height = Math.Max(around.Height, extent.Height + 1);
        if (_open.Count + extent.Height > Deepest)
            throw Refusal(at, $"lists and mappings stand more than {Deepest} deep within each other");
        if (_nodes > MostNodes)
            throw Refusal(at, $"there are more than {MostNodes} values, those counted that aliases stand for");
    }

    private void Remember(AnchorName anchor, Extent extent)
    {
        if (!anchor.IsEmpty)
            _anchors[anchor] = extent;
    }

    private bool IsOpen(AnchorName anchor) => _open.Any(open => open.Anchor == anchor);

    private static YamlException Refusal(ParsingEvent at, string reason) => new(at.Start, at.End, reason);

    /// <summary>What stands between a beginning and its end.</summary>
    /// <param name="Nodes">How many nodes.</param>
    /// <param name="Height">Levels below it.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Extent(int Nodes, int Height);

    private sealed class Open(AnchorName anchor, int nodesBefore)
    {
        public AnchorName Anchor => anchor;

        public int NodesBefore => nodesBefore;

        public int Height { get; set; }
    }
}
