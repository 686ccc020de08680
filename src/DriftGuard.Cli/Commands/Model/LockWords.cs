using DriftGuard.Worker.Models;

namespace DriftGuard.Cli.Commands.Model;

/// <summary>What the lock file says of a model, in a word.</summary>
internal static class LockWords
{
    public static string Of(LockState state) => state switch
    {
        LockState.Locked => "yes",
        LockState.Shipped => "shipped",
        LockState.NotLocked => "no",
        LockState.OtherLocked => "another",
        _ => "-",
    };
}
