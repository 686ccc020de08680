namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>What can have happened. The names are the interface: reports, metrics, events and pages show the same ones.</summary>
public enum DriftCause
{
    /// <summary>Nothing was found.</summary>
    Nothing,

    /// <summary>Not enough could be looked at to say.</summary>
    NotEnoughData,

    /// <summary>Something that a check needs could not be used.</summary>
    CouldNotLook,

    /// <summary>Something was found that none of the causes here explains.</summary>
    Unexplained,

    /// <summary>The provider serves another model under the same name.</summary>
    ProviderChangedModel,

    /// <summary>A file of the model is not the one that was fingerprinted.</summary>
    ModelFileChanged,

    /// <summary>The model's file is missing or cannot be read.</summary>
    ModelMissing,

    /// <summary>Weights or activations have another precision, such as int8 in place of float32.</summary>
    PrecisionChanged,

    /// <summary>The tokens' vectors are pooled in another way.</summary>
    PoolingChanged,

    /// <summary>A prefix is missing, or that of the other kind of text.</summary>
    PrefixChanged,

    /// <summary>Vectors are not scaled to length 1 any more, or are now.</summary>
    NormalisationChanged,

    /// <summary>Texts are cut off at another number of tokens.</summary>
    TruncationChanged,

    /// <summary>Letters are lower-cased, or accents stripped, in another way.</summary>
    TextPreparationChanged,

    /// <summary>Another member of the model spec changed.</summary>
    SpecChanged,

    /// <summary>The same space with its axes permuted, mirrored or rotated.</summary>
    AxesReoriented,

    /// <summary>Queries are embedded with another model than the corpus.</summary>
    QuerySideUpgraded,

    /// <summary>A part of the corpus was embedded with another model.</summary>
    IndexMixed,

    /// <summary>The whole corpus was embedded with another model than the collection says.</summary>
    IndexOfAnotherModel,

    /// <summary>Texts were edited, their vectors not.</summary>
    TextEditedWithoutVector,

    /// <summary>Something else than DriftGuard wrote points.</summary>
    ForeignWrites,

    /// <summary>Vectors that no model gives: NaN, zero, another dimension.</summary>
    BadVectors,

    /// <summary>Documents are about other things than before.</summary>
    DocumentsShifted,

    /// <summary>Queries are in other languages than before.</summary>
    QueryLanguageShifted,

    /// <summary>Queries are about other things than before.</summary>
    QueryTopicsShifted,

    /// <summary>Relevant documents of the calibration set are gone.</summary>
    LabelsStale,

    /// <summary>Somebody pointed the alias to another collection by hand.</summary>
    AliasRepointed,

    /// <summary>The collection is gone, or not what was declared.</summary>
    CollectionChanged,

    /// <summary>Approximate search does not find what exact search finds.</summary>
    SearchDegraded,
}

/// <summary>How sure a hypothesis is.</summary>
public enum Certainty
{
    /// <summary>It fits what was seen; so may others.</summary>
    Possible,

    /// <summary>It fits what was seen, and the others here do not.</summary>
    Likely,

    /// <summary>Digests, stamps or reproduced vectors leave no other reading.</summary>
    Certain,
}
