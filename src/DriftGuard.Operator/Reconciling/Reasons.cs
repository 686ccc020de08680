namespace DriftGuard.Operator.Reconciling;

/// <summary>Reasons of conditions and events. They are part of the interface.</summary>
internal static class Reasons
{
    /// <summary>It is there as declared.</summary>
    public const string Found = "Found";

    /// <summary>The declared model serves.</summary>
    public const string InSync = "InSync";

    /// <summary>The declared model serves, and is still watched.</summary>
    public const string Soaking = "Soaking";

    /// <summary>The installation cannot be asked.</summary>
    public const string Unreachable = "InstallationUnreachable";

    /// <summary>The installation refused what it was asked.</summary>
    public const string Refused = "Refused";

    public const string ModelNotFound = "ModelNotFound";
    public const string ModelNotReady = "ModelNotReady";
    public const string FingerprintMismatch = "FingerprintMismatch";
    public const string FingerprintChanged = "FingerprintChanged";
    public const string SetNotFound = "CalibrationSetNotFound";
    public const string SetNotReady = "CalibrationSetNotReady";
    public const string SetInvalid = "CalibrationSetInvalid";
    public const string ModelInvalid = "ModelInvalid";
    public const string IndexNotFound = "IndexNotFound";
    public const string IndexNotReady = "IndexNotReady";
    public const string IndexBroken = "IndexBroken";

    /// <summary>Another resource, which was there before, declares the same index.</summary>
    public const string IndexClaimed = "IndexClaimed";

    public const string Creating = "Creating";
    public const string Deleting = "Deleting";
    public const string Retained = "Retained";
    public const string SettingCalibrationSet = "SettingCalibrationSet";
    public const string ModelChanged = "ModelChanged";
    public const string RolloutStarting = "RolloutStarting";
    public const string RolloutInProgress = "RolloutInProgress";
    public const string RolloutBlocked = "RolloutBlocked";
    public const string RolloutFailed = "RolloutFailed";
    public const string AwaitingApproval = "AwaitingApproval";
    public const string RolledBack = "RolledBack";
    public const string Aborted = "Aborted";

    /// <summary>Something was changed past the resource.</summary>
    public const string Diverged = "Diverged";

    /// <summary>It is made as it was declared again.</summary>
    public const string Repairing = "Repairing";

    /// <summary>Another change was declared since.</summary>
    public const string Superseded = "Superseded";

    /// <summary>It is not what an EmbeddingIndex declares.</summary>
    public const string NotDeclared = "NotDeclared";

    public const string Starting = "Starting";
    public const string Waiting = "WaitingForRollout";
    public const string Completed = "Completed";
    public const string Gone = "Gone";
    public const string AfterCutover = "AfterCutover";
    public const string InvalidSchedule = "InvalidSchedule";
    public const string Checking = "Checking";
    public const string Checked = "Checked";
    public const string Scheduled = "Scheduled";

    /// <summary>A word of the installation, such as <c>gate_refused</c>, as a reason.</summary>
    public static string Of(string word) => string.Concat(word.Split('_', '-', ' ').Where(part => part.Length > 0).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
