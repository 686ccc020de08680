using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Evaluation;

/// <summary>
/// Reads green's vectors back: all of a small collection, of a large one the beginning of each partition, so that what is
/// examined lies evenly over the ids.
/// </summary>
internal sealed class VectorExaminer(QdrantStore qdrant)
{
    private const int MostExamined = 50_000;
    private const int PointsAPage = 500;
    private const int BadIdsNamed = 5;
    private const float UnitTolerance = 1e-3f;

    public async Task<VectorEvidence> ExamineAsync(
        string collection, string vector, ModelSpec spec, IReadOnlyList<Partition> partitions, CancellationToken cancellation)
    {
        var findings = new Findings(vector, spec);
        var each = Math.Max(1, MostExamined / Math.Max(1, partitions.Count));
        var shape = ReadShape.Stamps with { VectorNames = [vector] };
        foreach (var partition in partitions)
        {
            PointId? end = partition.End is null ? null : PointId.Parse(partition.End);
            var left = each;
            await foreach (var page in qdrant.ScrollRangeAsync(
                collection, PointId.Parse(partition.Start), end, Math.Min(PointsAPage, each), shape, null, cancellation))
            {
                foreach (var point in page.Points)
                {
                    findings.Add(point);
                }

                left -= page.Points.Count;
                if (left <= 0)
                {
                    break;
                }
            }
        }

        return findings.Evidence;
    }

    private sealed class Findings(string name, ModelSpec spec)
    {
        private readonly double[] sum = new double[spec.Dimensions];
        private readonly Dictionary<ulong, string> textOfVector = [];
        private readonly List<string> firstBad = [];
        private long examined, wrongDimension, notFinite, zero, notUnit, sketchMismatch, shared, directions;

        // Cosine collections store and return unit vectors whatever was sent, so there the length is always judged.
        private readonly bool unit = spec.Normalisation == Normalisation.L2 || spec.Distance == VectorDistance.Cosine;

        public VectorEvidence Evidence => new(
            examined, wrongDimension, notFinite, zero, notUnit, sketchMismatch, shared,
            directions == 0 ? 0 : Math.Sqrt(TensorPrimitives.SumOfSquares<double>(sum)) / directions, firstBad);

        public void Add(RetrievedPoint point)
        {
            examined++;
            var vector = WireForms.VectorSpanOf(point, name);
            if (IsBad(vector, StampPayload.Read(point.Payload), out var length))
            {
                if (firstBad.Count < BadIdsNamed)
                {
                    firstBad.Add(WireForms.IdOf(point).ToString());
                }

                return;
            }

            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += vector[i] / length;
            }

            directions++;
            CountShared(vector, StampPayload.Read(point.Payload)?.ContentHash ?? "");
        }

        private bool IsBad(ReadOnlySpan<float> vector, Stamp? stamp, out float length)
        {
            length = 0;
            if (vector.Length != spec.Dimensions)
            {
                wrongDimension++;
                return true;
            }

            length = TensorPrimitives.Norm(vector);
            if (!float.IsFinite(length))
            {
                notFinite++;
                return true;
            }

            if (length == 0)
            {
                zero++;
                return true;
            }

            if (unit && Math.Abs(length - 1) > UnitTolerance)
            {
                notUnit++;
                return true;
            }

            if (stamp is not null && !VectorSketch.Matches(stamp.VectorSketch, VectorSketch.Of(vector)))
            {
                sketchMismatch++;
                return true;
            }

            return false;
        }

        private void CountShared(ReadOnlySpan<float> vector, string contentHash)
        {
            var key = BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector)));
            if (!textOfVector.TryAdd(key, contentHash) && textOfVector[key] != contentHash)
            {
                shared++;
            }
        }
    }
}
