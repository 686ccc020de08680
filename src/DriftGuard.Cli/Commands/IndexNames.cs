using DriftGuard.Worker;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Commands;

/// <summary>Indexes that commands name.</summary>
internal static class IndexNames
{
    /// <exception cref="OperatorException">It is not enrolled.</exception>
    public static async Task RequireAsync(Engine engine, string name, CancellationToken cancellation)
    {
        if (await engine.Installation.State.FindIndexAsync(name, cancellation) is not null)
        {
            return;
        }

        var known = (await engine.Installation.State.ListIndexesAsync(cancellation)).Select(index => index.Name).ToList();
        throw new OperatorException(
            OperatorError.NotFound, $"there is no index '{name}'; known: {(known.Count == 0 ? "none; create one with 'driftguard index create'" : string.Join(", ", known))}");
    }
}
