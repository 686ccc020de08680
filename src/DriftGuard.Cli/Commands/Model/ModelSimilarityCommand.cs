using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model similarity</c>: how near a model puts texts to each other.</summary>
internal sealed class ModelSimilarityCommand : DriftGuardCommand
{
    private readonly Argument<string[]> _texts = new("text")
    {
        Description = "Two texts or more",
        Arity = new ArgumentArity(2, 1000),
    };

    private readonly Option<string> _model = new("--model")
    {
        Description = "The model: a name, or the path to a folder with a model.yaml",
        HelpName = "MODEL",
        Required = true,
    };

    private readonly Option<InputKind> _kind =
        EnumOption.Create("--kind", "Whether the texts get the prefix of queries or of documents", InputKind.Document);

    public ModelSimilarityCommand()
        : base(
            "similarity",
            "Show the cosine of every two texts",
            """driftguard model similarity --model all-minilm-l6-v2-int8 "a cat sat on the mat" "a kitten rested on the rug" """.TrimEnd())
    {
        Arguments.Add(_texts);
        Options.Add(_model);
        Options.Add(_kind);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var texts = arguments.GetValue(_texts)!;
        var folder = ModelFinder.Find(context.Options, arguments.GetValue(_model)!);
        using var model = EmbeddingModel.Open(folder.Directory, new EmbeddingModelOptions { Sessions = 1 });
        var outcomes = await model.EmbedAsync(texts, arguments.GetValue(_kind), context.CancellationToken);
        for (var i = 0; i < texts.Length; i++)
        {
            if (!outcomes[i].IsEmbedded)
            {
                throw new CommandException(ExitCode.Usage, $"text {i + 1} ('{texts[i]}') has no vector: {outcomes[i].Failure}");
            }
        }

        var cosines = outcomes.Select(a => outcomes.Select(b => TensorPrimitives.CosineSimilarity(a.Vector!, b.Vector!)).ToArray()).ToArray();
        context.Report(new { Model = folder.Name, Fingerprint = model.Fingerprint.Id, Texts = texts, Cosines = cosines }, (console, result) =>
        {
            var table = Tables.Create(console, [">", "text", .. Enumerable.Range(1, texts.Length).Select(i => $">{i}")]);
            for (var i = 0; i < texts.Length; i++)
            {
                table.AddTextRow(
                    [(i + 1).ToString(CultureInfo.InvariantCulture), texts[i], .. result.Cosines[i].Select(c => c.ToString("0.000", CultureInfo.InvariantCulture))]);
            }

            console.Write(table);
        });
        return ExitCode.Success;
    }
}
