using System.CommandLine;
using System.CommandLine.Help;
using DriftGuard.Cli.Commands.Audit;
using DriftGuard.Cli.Commands.Bridge;
using DriftGuard.Cli.Commands.Calibration;
using DriftGuard.Cli.Commands.Config;
using DriftGuard.Cli.Commands.Demo;
using DriftGuard.Cli.Commands.Doctor;
using DriftGuard.Cli.Commands.Drift;
using DriftGuard.Cli.Commands.Evaluation;
using DriftGuard.Cli.Commands.Index;
using DriftGuard.Cli.Commands.Key;
using DriftGuard.Cli.Commands.Model;
using DriftGuard.Cli.Commands.Notify;
using DriftGuard.Cli.Commands.Operator;
using DriftGuard.Cli.Commands.Qdrant;
using DriftGuard.Cli.Commands.Rollout;
using DriftGuard.Cli.Commands.Serve;
using DriftGuard.Cli.Commands.State;
using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Commands;

/// <summary>Everything that <c>driftguard</c> can do: the table of contents of this assembly.</summary>
internal static class CommandTree
{
    public static RootCommand Create(GlobalOptions globals)
    {
        var root = new RootCommand("Keeps a vector index and the embedding model behind it in agreement");
        globals.AddTo(root);

        root.Subcommands.Add(new DemoCommand());
        root.Subcommands.Add(new CommandGroup(
            "index", "Create indexes, load them, see what serves them", new IndexCreateCommand(), new IndexListCommand(), new IndexShowCommand(), new IndexLoadCommand(), new IndexRestoreCommand(),
            new CommandGroup("source", "Say where the texts of an index come from", new IndexSourceSetCommand())));
        root.Subcommands.Add(new CalibrationScoreCommand("evaluate", "evaluate"));
        root.Subcommands.Add(new CommandGroup(
            "calibration", "Labelled queries: build, look through and edit sets, score and compare by them, learn thresholds",
            new CalibrationInitCommand(), new CalibrationLintCommand(), new CalibrationScoreCommand("score", "calibration score"), new CalibrationCompareCommand(),
            new CalibrationSplitCommand(), new CalibrationAddCommand(), new CalibrationThresholdsCommand()));
        root.Subcommands.Add(new CommandGroup("evaluation", "See what was scored and compared", new EvaluationListCommand(), new EvaluationShowCommand()));
        root.Subcommands.Add(new CommandGroup(
            "rollout", "Change the embedding model under an index",
            [
                new RolloutPlanCommand(), new RolloutStartCommand(), new RolloutStatusCommand(), .. RolloutRequestCommand.All(), new RolloutThrottleCommand(),
                new RolloutParkedCommand(), new RolloutRetryCommand(), new RolloutVerifyCommand(), new RolloutShadowCommand(),
            ]));
        root.Subcommands.Add(new CommandGroup(
            "bridge", "Where the model of an index is gone: have a new model's queries search its old vectors until a rollout has cut over",
            new BridgeFitCommand(), new BridgeShowCommand(), new BridgeEndCommand()));
        root.Subcommands.Add(new CommandGroup(
            "drift", "Check indexes for drift, and see what was found",
            new DriftCheckCommand(), new DriftHistoryCommand(), new DriftExplainCommand(), new DriftBaselineCommand(), new DriftImportCommand()));
        root.Subcommands.Add(new CommandGroup(
            "key", "API keys: who may do what", new KeyCreateCommand(), new KeyListCommand(), new KeyRotateCommand(), new KeyRevokeCommand()));
        root.Subcommands.Add(new CommandGroup("notify", "Webhooks that are told of what happens", new NotifyListCommand(), new NotifyTestCommand()));
        root.Subcommands.Add(new AuditCommand());
        root.Subcommands.Add(new CommandGroup(
            "state", "Back up what DriftGuard keeps, look through a backup, restore it", new StateBackupCommand(), new StateVerifyCommand(), new StateRestoreCommand()));
        root.Subcommands.Add(new DoctorCommand());
        root.Subcommands.Add(new ServeCommand());
        root.Subcommands.Add(new OperatorCommand());
        root.Subcommands.Add(new QdrantCommand());
        var model = new CommandGroup(
            "model", "Pull, pin and look at embedding models", new ModelListCommand(), new ModelPullCommand(), new ModelAddCommand(), new ModelRemoveCommand(), new ModelVerifyCommand(),
            new ModelSimilarityCommand(), new ModelClosestPairCommand(), new ModelBenchCommand());
        model.Aliases.Add("models");
        root.Subcommands.Add(model);
        root.Subcommands.Add(new CommandGroup("config", "See what is configured", new ConfigShowCommand(), new ConfigValidateCommand()));

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new CommandLineHelp((HelpAction)help.Action!);
        return root;
    }
}
