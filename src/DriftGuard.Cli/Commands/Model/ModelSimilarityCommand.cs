using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model similarity</c>: how near a model puts texts to each other.</summary>
internal sealed class ModelSimilarityCommand : DriftGuardCommand
{
    private readonly Argument<string[]> _texts = new("text")
    {
        Description = "Two texts or more",
        Arity = new ArgumentArity(2, 1000),
    };

    private readonly Option<string[]> _models = new("--model")
    {
        Description = "A model: a name, or the path to a folder with a model.yaml; may be repeated. All that run in the process unless given",
        HelpName = "MODEL",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<InputKind> _kind =
        EnumOption.Create("--kind", "Whether the texts get the prefix of queries or of documents", InputKind.Document);

    public ModelSimilarityCommand()
        : base(
            "similarity",
            "Show the cosine of every two texts",
            """driftguard model similarity "a cat sat on the mat" "a kitten rested on the rug" """.TrimEnd(),
            """driftguard model similarity --model all-minilm-l6-v2-int8 --kind query "a cat" "a kitten" """.TrimEnd())
    {
        Arguments.Add(_texts);
        Options.Add(_models);
        Options.Add(_kind);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var texts = arguments.GetValue(_texts)!;
        var named = arguments.GetValue(_models)!;
        var folders = named.Length > 0
            ? [.. named.Select(name => ModelFinder.Find(context.Options, name))]
            : ModelFinder.InProcess(context.Options);
        if (folders.Count == 0)
        {
            throw new CommandException(ExitCode.NotFound, $"there are no models in {string.Join(", ", context.Options.Models.SearchPath)}", "Set models.roots, or name a folder with --model.");
        }

        var matrices = new List<Similarities>();
        foreach (var folder in folders)
        {
            matrices.Add(await CompareAsync(folder, texts, arguments.GetValue(_kind), context.CancellationToken));
        }

        context.Report(matrices, Write);
        return ExitCode.Success;
    }

    private static async Task<Similarities> CompareAsync(ModelFolder folder, string[] texts, InputKind kind, CancellationToken cancellation)
    {
        using var model = EmbeddingModel.Open(folder.Directory, new EmbeddingModelOptions { Sessions = 1 });
        var outcomes = await model.EmbedAsync(texts, kind, cancellation);
        for (var i = 0; i < texts.Length; i++)
        {
            if (!outcomes[i].IsEmbedded)
            {
                throw new CommandException(ExitCode.Usage, $"text {i + 1} ('{texts[i]}') has no vector: {outcomes[i].Failure}");
            }
        }

        return new(
            folder.Name, model.Fingerprint.Id, texts, [.. outcomes.Select(o => o.Truncated)],
            [.. outcomes.Select(a => outcomes.Select(b => TensorPrimitives.CosineSimilarity(a.Vector!, b.Vector!)).ToArray())]);
    }

    private static void Write(IAnsiConsole console, List<Similarities> matrices)
    {
        foreach (var matrix in matrices)
        {
            var count = matrix.Texts.Count;
            var table = Tables.Create(console, [">", matrix.Model, .. Enumerable.Range(1, count).Select(i => $">{i}")]);
            for (var i = 0; i < count; i++)
            {
                table.AddTextRow(
                [
                    (i + 1).ToString(CultureInfo.InvariantCulture), matrix.Truncated[i] ? $"{matrix.Texts[i]} (cut at the token limit)" : matrix.Texts[i],
                    .. matrix.Cosines[i].Select(c => c.ToString("0.000", CultureInfo.InvariantCulture)),
                ]);
            }

            console.Write(table);
        }
    }

    /// <summary>The cosine of every two texts under one model.</summary>
    private sealed record Similarities(string Model, string Fingerprint, IReadOnlyList<string> Texts, IReadOnlyList<bool> Truncated, float[][] Cosines);
}
