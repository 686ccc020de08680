using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Storage;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>The vector names that a configuration declares, with where their vectors are.</summary>
internal static class VectorSpaces
{
    /// <summary>The declared names; one that was there before keeps its vectors.</summary>
    public static IEnumerable<VectorSpace> Of(StoredCollection stored, IReadOnlyList<VectorSpace>? before = null)
    {
        foreach (var (name, parameters) in Declared(stored.Config.Params.VectorsConfig))
        {
            var key = stored.VectorKeys[name];
            yield return before?.FirstOrDefault(space => space.Key == key)
                ?? new VectorSpace(key, name, (int)parameters.Size, parameters.Distance);
        }
    }

    /// <summary>Names and parameters; the default vector has the empty name.</summary>
    public static IEnumerable<(string Name, VectorParams Parameters)> Declared(VectorsConfig? config) => config?.ConfigCase switch
    {
        VectorsConfig.ConfigOneofCase.Params => [("", config.Params)],
        VectorsConfig.ConfigOneofCase.ParamsMap => config.ParamsMap.Map.Select(entry => (entry.Key, entry.Value)),
        _ => [],
    };

    /// <summary>The form of the configuration for these names: bare for the default vector alone.</summary>
    public static VectorsConfig Configuration(IReadOnlyDictionary<string, VectorParams> declared)
    {
        if (declared.Count == 1 && declared.TryGetValue("", out var alone)) return new VectorsConfig { Params = alone };
        var map = new VectorParamsMap();
        foreach (var (name, parameters) in declared) map.Map.Add(name, parameters);
        return new VectorsConfig { ParamsMap = map };
    }
}
