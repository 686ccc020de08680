namespace DriftGuard.Core.Indexes;

/// <summary>
/// What an application searches, by name. Which collection and model stand behind it is not kept here: the alias and the
/// collection's metadata in Qdrant are the truth.
/// </summary>
public sealed record IndexDefinition
{
    /// <summary>Name of the index: the alias in Qdrant.</summary>
    public required string Name { get; init; }

    /// <summary>The field of the text that is embedded, unless there is a <see cref="Template"/>.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>How the text that is embedded is joined from fields (<see cref="TextTemplate"/>); null: it is <see cref="TextField"/> alone.</summary>
    public string? Template { get; init; }

    /// <summary>Where the texts come from.</summary>
    public SourceDefinition Source { get; init; } = SourceDefinition.OfPayload;

    /// <summary>The vector that the index' model makes, by name; the default vector has the empty name. All others are kept as they are.</summary>
    public string Vector { get; init; } = "";

    /// <summary>Calibration set that decides a rollout of this index; null if none is set.</summary>
    public string? CalibrationSet { get; init; }

    /// <summary>When it was enrolled.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How the text that is embedded comes from fields.</summary>
    public TextTemplate Text => Template is null ? TextTemplate.OfField(TextField) : TextTemplate.Parse(Template);

    /// <summary>The payload field that is the text as it is; null where the text is joined from several, or lies elsewhere.</summary>
    public string? PayloadTextField => Template is null && Source.Kind == SourceKind.Payload ? TextField : null;

    /// <summary>For people: the field, or the template.</summary>
    public string TextInWords => Template is null ? $"field '{TextField}'" : $"template '{Template}'";
}
