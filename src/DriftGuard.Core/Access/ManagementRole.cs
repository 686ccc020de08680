namespace DriftGuard.Core.Access;

/// <summary>What somebody may do with an installation; each role may do what those before it may.</summary>
public enum ManagementRole
{
    /// <summary>Nothing of it.</summary>
    None,

    /// <summary>See everything that is no secret.</summary>
    Viewer,

    /// <summary>Check, score, and steer rollouts and bridges.</summary>
    Operator,

    /// <summary>Everything, API keys and the data of every index included.</summary>
    Admin,
}
