namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>What the copying of a partition does with its time. Reading, preparing and writing overlap, so their seconds add up to more than went by.</summary>
public enum CopyStage
{
    /// <summary>Waiting for a page of the collection that is copied, and for its texts where they lie elsewhere.</summary>
    Read,

    /// <summary>Making a batch of a page: embedding, limits of the provider, hashes and stamps.</summary>
    Prepare,

    /// <summary>The model alone; a part of <see cref="Prepare"/>.</summary>
    Embed,

    /// <summary>Writing a batch until every replica has acknowledged it.</summary>
    Write,

    /// <summary>Moving the cursor in the state.</summary>
    Record,

    /// <summary>Held back on purpose: by a limit on points, or to leave Qdrant to its users.</summary>
    Wait,
}
