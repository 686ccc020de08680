using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Indexes;

/// <summary>An index as it is shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Collection">The collection that serves it; null where that cannot be told.</param>
/// <param name="Model">The name of its model; null where that is not known.</param>
/// <param name="Fingerprint">The fingerprint of its model.</param>
/// <param name="Epoch">How often it was switched.</param>
/// <param name="Points">Points of the collection, as Qdrant counts them.</param>
/// <param name="Status">The state of the collection, as Qdrant says it.</param>
/// <param name="TextField">The field that is embedded.</param>
/// <param name="Template">How the text is joined from several; null where it is one field.</param>
/// <param name="Source">Where the texts come from.</param>
/// <param name="Vector">The vector that the model makes; empty for the unnamed one.</param>
/// <param name="CalibrationSet">The set that decides; null for none.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
/// <param name="NotLoaded">Texts that loads could not embed.</param>
public sealed record IndexView(
    string Name, string? Collection, string? Model, string? Fingerprint, long? Epoch, ulong? Points, string? Status, string TextField, string? Template, string Source, string Vector,
    string? CalibrationSet, string? Problem, IReadOnlyList<ParkedText> NotLoaded)
{
    internal static IndexView Of(ServingIndex index, IReadOnlyList<ParkedText>? notLoaded = null) => new(
        index.Definition.Name, index.Collection, index.Model, index.Fingerprint, index.Token.Epoch, index.State.PointsCount, index.State.Status.ToString(),
        index.Definition.TextField, index.Definition.Template, SourceOf(index.Definition.Source), index.Definition.Vector, index.Definition.CalibrationSet, null, notLoaded ?? []);

    internal static IndexView Broken(IndexDefinition definition, string problem) =>
        new(definition.Name, null, null, null, null, null, null, definition.TextField, definition.Template, SourceOf(definition.Source), definition.Vector, definition.CalibrationSet, problem, []);

    private static string SourceOf(SourceDefinition source) => source.Kind switch
    {
        SourceKind.Payload => "payload",
        SourceKind.Postgres => $"postgres table {source.Table}",
        _ => $"{source.Kind.ToString().ToLowerInvariant()} file {source.Path}",
    };
}
