using System.CommandLine;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Rollouts.Planning;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>The arguments that planning and starting a rollout share.</summary>
internal sealed class RolloutArguments
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<string> _to = new("--to") { Description = "The model to change to", Required = true };
    private readonly Option<string?> _set = new("--calibration-set") { Description = "The calibration set that decides; the index' own unless set" };
    private readonly Option<bool> _noPreflight = new("--no-preflight") { Description = "Copy without scoring a sub-corpus first" };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_index);
        command.Options.Add(_to);
        command.Options.Add(_set);
        command.Options.Add(_noPreflight);
    }

    public string Index(ParseResult arguments) => arguments.GetRequiredValue(_index);

    public string To(ParseResult arguments) => arguments.GetRequiredValue(_to);

    public string? CalibrationSet(ParseResult arguments) => arguments.GetValue(_set);

    public bool Preflight(ParseResult arguments) => !arguments.GetValue(_noPreflight);

    public RolloutSettings Settings(ParseResult arguments, DriftGuardOptions options) => ConfiguredSettings.Of(options.Rollout) with { Preflight = Preflight(arguments) };
}
