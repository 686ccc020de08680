using DriftGuard.State;

namespace DriftGuard.Worker.Configuration;

/// <summary>What the settings of the state say about each other and about the machine.</summary>
internal static class StateRules
{
    public static IEnumerable<ConfigurationProblem> Check(DriftGuardOptions options)
    {
        var state = options.State;
        if (state.Connection is not null && state.ConnectionFile is not null)
        {
            yield return new("set either connection or connectionFile, not both", "state.connectionFile");
        }

        var key = state.ConnectionFile is null ? "state.connection" : "state.connectionFile";
        if (state.IsShared && options.Qdrant.IsEmbedded)
        {
            yield return new("processes that share the state must share Qdrant: set qdrant.address as well, since the embedded one belongs to one process", key);
        }

        if (state.IsShared && Problem(state) is { } problem)
        {
            yield return new(problem, key);
        }
    }

    private static string? Problem(StateSettings state)
    {
        try
        {
            StateDatabase.Postgres(state.ReadConnection()!);
            return null;
        }
        catch (StateException problem)
        {
            return problem.Message;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"the file with the connection cannot be read: {error.Message}";
        }
    }
}
