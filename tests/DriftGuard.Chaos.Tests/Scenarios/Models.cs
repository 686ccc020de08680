using DriftGuard.Testing.Models;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>
/// Two models behind an API of this process, whose vectors the oracle computes itself. Their dimensions differ, so that Qdrant refuses the
/// vector of an application that has not seen a cutover yet.
/// </summary>
internal sealed class Models : IAsyncDisposable
{
    public const string Old = "old";
    public const string New = "new";

    private readonly SwitchableProvider _old;
    private readonly SwitchableProvider _new;

    private Models(SwitchableProvider old, SwitchableProvider @new) => (_old, _new) = (old, @new);

    public static IReadOnlyDictionary<string, WordModel> ByName { get; } =
        new Dictionary<string, WordModel>(StringComparer.Ordinal) { [Old] = new(Old, 32), [New] = new(New, 48) };

    /// <summary>The other one.</summary>
    public static string After(string model) => model == Old ? New : Old;

    /// <summary>Starts both and writes their folders.</summary>
    public static async Task<Models> StartAsync(string folder) => new(await StartAsync(folder, Old), await StartAsync(folder, New));

    public async ValueTask DisposeAsync()
    {
        await _old.DisposeAsync();
        await _new.DisposeAsync();
    }

    private static async Task<SwitchableProvider> StartAsync(string folder, string name)
    {
        var provider = await SwitchableProvider.StartAsync(ByName[name]);
        provider.ModelName = "chaos/" + name;
        ProviderFolder.Write(Path.Join(folder, name), provider, ByName[name].Dimensions, name);
        return provider;
    }
}
