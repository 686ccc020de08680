using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Http;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding;

/// <summary>Reads a model folder and refuses it unless all of it fits together; which parts it takes depends on the provider.</summary>
internal static class ModelLoader
{
    /// <param name="directory">The folder.</param>
    /// <param name="options">How the model is run.</param>
    /// <param name="statistics">Where its work is counted.</param>
    /// <param name="change">Makes the spec that is used of the folder's; <see langword="null"/> for the folder's own.</param>
    /// <exception cref="ModelException">The folder cannot be used; the message says why.</exception>
    public static (ModelSpec Spec, IEmbeddingEngine Engine) Load(
        string directory, EmbeddingModelOptions options, EmbeddingStatistics statistics, Func<ModelSpec, ModelSpec>? change = null)
    {
        var folder = Read(directory);
        var spec = change is null ? folder.Spec : change(folder.Spec);
        var files = new ModelFiles(directory, spec);
        return (spec, folder.Endpoint is null
            ? new EmbeddingPipeline(new OnnxModelLoader(files, options).Load(statistics), options)
            : new HttpEmbeddingEngine(new HttpModelLoader(files, folder.Endpoint, statistics, options).Load()));
    }

    /// <summary>What the folder's <c>model.yaml</c> says. No other file is looked at.</summary>
    /// <exception cref="ModelException">It cannot be read; the message says why.</exception>
    public static ModelDefinition Read(string directory)
    {
        var problems = new List<ModelProblem>();
        var definition = ModelSpecFile.Read(directory, problems);
        return problems.Count == 0 ? definition! : throw new ModelException(directory, problems);
    }
}
