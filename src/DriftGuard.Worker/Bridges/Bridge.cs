using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.State;

namespace DriftGuard.Worker.Bridges;

/// <summary>A bridge that may serve: its report and its map.</summary>
internal sealed record Bridge(BridgeReport Report, AffineMap Map)
{
    /// <summary>Maps a query of the new model to where it lies among the stored vectors.</summary>
    /// <exception cref="OperatorException">The vector has other dimensions than the new model's.</exception>
    public float[] MapQuery(float[] vector) => vector.Length != Map.From
        ? throw new OperatorException(OperatorError.Invalid, $"vector has {vector.Length} components: those of {Report.Model}, which bridge {Report.Id} maps, have {Map.From}")
        : Report.Unit ? Map.MapToUnit(vector) : Map.Map(vector);

    /// <summary>The numbers of a map: W column by column, then b.</summary>
    public static byte[] Write(AffineMap map) => VectorBlob.Write([.. map.Columns.SelectMany(column => column), .. map.Offset]);

    /// <summary>Reads a bridge from what was stored.</summary>
    /// <exception cref="StateException">The numbers are not those that were stored.</exception>
    public static Bridge Read(BridgeReport report, byte[] map)
    {
        if (map.Length != (long)(report.From + 1) * report.To * sizeof(float) || DigestOf(report, map) != report.Digest)
        {
            throw new StateException($"the map of bridge {report.Id} is not the one that was stored: end it with 'driftguard bridge end {report.Index}', and fit another");
        }

        var numbers = VectorBlob.Read(map);
        return new(report, new([.. numbers[..(report.From * report.To)].Chunk(report.From)], numbers[^report.To..]));
    }

    /// <summary>Identity of a map: what it leads from and to, and its numbers.</summary>
    public static string DigestOf(BridgeReport report, byte[] map)
    {
        var head = FormattableString.Invariant($"driftguard.bridge/1\n{report.ModelFingerprint}\n{report.Fingerprint}\n{report.From} {report.To} {report.Unit}\n");
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes(head), .. map]));
    }
}
