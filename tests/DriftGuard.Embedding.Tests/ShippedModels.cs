namespace DriftGuard.Embedding.Tests;

/// <summary>The models of deploy/models, as the build put them beside the tests.</summary>
internal static class ShippedModels
{
    public const string MiniLm = "all-minilm-l6-v2-int8";
    public const string Static = "static-wordpiece-128";

    public static string Root => Path.Combine(AppContext.BaseDirectory, "models");

    public static string DirectoryOf(string name) => Path.Combine(Root, name);

    public static EmbeddingModel Open(string name, EmbeddingModelOptions? options = null) =>
        EmbeddingModel.Open(DirectoryOf(name), options ?? new() { Sessions = 1 });
}
