namespace DriftGuard.Core.Points;

/// <summary>
/// What DriftGuard writes into a point's payload under <c>_driftguard</c>: by comparing it with the point, a foreign write
/// shows itself.
/// </summary>
/// <param name="Fingerprint"><c>fp</c>: of the model spec that made the vector.</param>
/// <param name="ContentHash"><c>h</c>: of the embedded text (<see cref="Points.ContentHash"/>).</param>
/// <param name="PayloadHash"><c>ph</c>: of the canonical payload without <c>_driftguard</c>.</param>
/// <param name="VectorSketch"><c>vs</c>: of the vector (<see cref="Points.VectorSketch"/>).</param>
/// <param name="Revision"><c>r</c>: lease epoch, then sequence.</param>
/// <param name="Pending">
/// <c>pending</c>: the nonce of an update in three steps that is under way, or was cut off and needs repair; null otherwise.
/// </param>
public sealed record Stamp(
    string Fingerprint, string ContentHash, string PayloadHash, string VectorSketch, Revision Revision, string? Pending = null)
{
    /// <summary>
    /// <c>ov</c>: digest of the point's other vectors, which other models own; null where its collection has none. A foreign write to one of
    /// them leaves all the rest of a stamp as it was.
    /// </summary>
    public string? OtherVectors { get; init; }
}
