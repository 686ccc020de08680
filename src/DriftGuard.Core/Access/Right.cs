namespace DriftGuard.Core.Access;

/// <summary>What a request needs.</summary>
public enum Right
{
    /// <summary>To see: the role viewer.</summary>
    View,

    /// <summary>To act: the role operator.</summary>
    Operate,

    /// <summary>To say who may: the role admin.</summary>
    Administer,

    /// <summary>To embed for an index, search it, and follow its route.</summary>
    ReadIndex,

    /// <summary>To write and delete points of an index.</summary>
    WriteIndex,
}
