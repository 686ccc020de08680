namespace DriftGuard.Core.Indexes;

/// <summary>Keys of a collection's metadata, flat and with one writer each: a note for people and tools, never a lock.</summary>
public static class IndexMetadata
{
    /// <summary>Fingerprint of the model that made the vectors, 64 hex digits.</summary>
    public const string Fingerprint = "driftguard.fp";

    /// <summary>Name of that model.</summary>
    public const string Model = "driftguard.model";

    /// <summary>Index that the collection was made for.</summary>
    public const string Index = "driftguard.index";
}
