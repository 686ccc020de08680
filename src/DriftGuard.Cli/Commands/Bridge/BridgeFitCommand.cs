using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Commands.Bridge;

/// <summary><c>bridge fit</c>: fits a map from a new model's queries into the collection that serves, and puts it into use if it loses little.</summary>
internal sealed class BridgeFitCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index whose model is gone" };
    private readonly Option<string> _model = new("--model") { Description = "The model that is to come: its queries search the old vectors until a rollout to it has cut over", Required = true };
    private readonly Option<string?> _set = new("--calibration-set") { Description = "The labelled queries that choose and decide, by name or folder; the index' own unless set" };
    private readonly Option<int?> _pairs = NumberOption.Create("--pairs", $"Documents that are drawn and embedded to fit on [default: {BridgeRule.WantedPairs}]", BridgeRule.LeastPairs, BridgeEndpoints.MostPairs);
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of the documents and of the halves of the queries [default: 1]", 0, int.MaxValue);

    public BridgeFitCommand()
        : base(
            "fit", "Fit a bridge from a new model's queries into the vectors of one that is gone; used at once if labelled queries lose little by it",
            "driftguard bridge fit docs --model all-minilm-l6-v2-int8", "driftguard bridge fit docs --model e5-small-v2-int8 --calibration-set xquad-en --pairs 8000")
    {
        Arguments.Add(_index);
        Options.Add(_model);
        Options.Add(_set);
        Options.Add(_pairs);
        Options.Add(_seed);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "it passed its gate, and queries go over it"),
        (ExitCode.NotFound, "no such index, model or calibration set"),
        (ExitCode.Refused, "it loses too much, and is not used"),
        (ExitCode.Inconclusive, "too few documents or labelled queries, or nothing to hold it against: it is not used"),
    ];

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var request = new BridgeRequest(arguments.GetRequiredValue(_index), arguments.GetRequiredValue(_model)) { CalibrationSet = arguments.GetValue(_set) };
        request = request with { Pairs = arguments.GetValue(_pairs) ?? request.Pairs, Seed = arguments.GetValue(_seed) ?? request.Seed };
        var fitted = await context.WithProgressAsync(progress => EngineSession.AskAsync(
            context, "bridge fit",
            async engine => BridgeState.Fitted(await engine.Bridges.FitAsync(request, progress.Told(), context.CancellationToken)),
            server =>
            {
                progress.Task($"fitting on {context.Server}", 1);
                return server.PostAsync<BridgeState>(
                    $"indexes/{request.Index}/bridges", new FitRequest(request.Model, request.CalibrationSet, request.Pairs, request.Seed), context.CancellationToken, EvaluationJson.Options);
            }));
        context.Report(fitted, BridgeView.Write, EvaluationJson.Indented);
        return fitted.Report.Verdict switch
        {
            BridgeVerdict.Serves => ExitCode.Success,
            BridgeVerdict.Refused => ExitCode.Refused,
            _ => ExitCode.Inconclusive,
        };
    }
}
