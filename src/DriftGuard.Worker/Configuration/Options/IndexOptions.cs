using System.ComponentModel.DataAnnotations;
using DriftGuard.Core.Indexes;

namespace DriftGuard.Worker.Configuration;

/// <summary>The declaration of one index: what <c>driftguard index create NAME</c> takes where its options say nothing else.</summary>
public sealed record IndexOptions
{
    /// <summary>The payload field that is embedded where nothing else is declared.</summary>
    public const string DefaultTextField = "text";

    /// <summary>The index's name: the Qdrant alias that applications search.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9_-]*", ErrorMessage = "may hold letters, digits, '_' and '-', and starts with a letter or digit")]
    [MaxLength(100)]
    public string Name { get; init; } = "";

    /// <summary>The model that the index is served with: a name in the catalogue or a path to a model's folder.</summary>
    public string? Model { get; init; }

    /// <summary>The payload field whose text is embedded; <c>text</c> unless set.</summary>
    public string? TextField { get; init; }

    /// <summary>How the text that is embedded is joined from fields, such as <c>{title}\n{body}</c>; in place of <see cref="TextField"/>.</summary>
    public string? Template { get; init; }

    /// <summary>The vector that the model makes, by name; all others are kept as they are. The unnamed one unless set.</summary>
    public string? Vector { get; init; }

    /// <summary>Where the texts come from; the payload unless set.</summary>
    public IndexSourceOptions? Source { get; init; }

    /// <summary>The calibration set that the gate scores: a name or a path to a set's folder.</summary>
    public string? CalibrationSet { get; init; }

    /// <summary>The index's own schedules of checks for drift; those of <c>drift.schedules</c> unless set.</summary>
    public IndexDriftOptions? Drift { get; init; }

    /// <summary>What is declared, as an index is defined; what is not declared has its default.</summary>
    public IndexDefinition ToDefinition() => new()
    {
        Name = Name,
        TextField = TextField ?? DefaultTextField,
        Template = Template,
        Vector = Vector ?? "",
        Source = Source?.ToDefinition() ?? SourceDefinition.OfPayload,
        CalibrationSet = CalibrationSet,
        CreatedAt = default,
    };
}
