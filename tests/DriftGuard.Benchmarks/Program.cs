using DriftGuard.Benchmarks;
using DriftGuard.Benchmarks.CatchUp;
using DriftGuard.Benchmarks.Cluster;
using DriftGuard.Benchmarks.Copying;
using DriftGuard.Benchmarks.Drift;
using DriftGuard.Benchmarks.Embedding;
using DriftGuard.Benchmarks.Gate;
using DriftGuard.Benchmarks.Gateways;
using DriftGuard.Benchmarks.Planning;
using DriftGuard.Benchmarks.Recovery;
using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Benchmarks.Search;
using DriftGuard.Benchmarks.Workers;

const string Usage = "usage: dotnet run --project tests/DriftGuard.Benchmarks -c Release -- [COMMAND] [--quick]"
    + "\n       COMMAND: embedding, copy, memory, catchup, cluster, recovery, planning [whole], search, gateway, drift [speed|queries|documents|samples], gate, or all, which it is unless said"
    + "\n       ... -- gate record MODEL-FOLDER...  writes the per-query values that the simulations of the gate draw from";
var quick = args.Contains("--quick", StringComparer.Ordinal);
var words = args.Where(a => !string.Equals(a, "--quick", StringComparison.Ordinal)).ToArray();
switch (words)
{
    case [CopyRoles.Server, var points]:
        await CopyRoles.ServeAsync(int.Parse(points, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case [CopyRoles.Copier, var address]:
        await CopyRoles.CopyAsync(new Uri(address));
        return 0;
    case [WorkerRole.Name, var address, var state, var batchTime]:
        await WorkerRole.RunAsync(new Uri(address), state, batchTime);
        return 0;
    case [GatewayRole.Name, var address]:
        await GatewayRole.RunAsync(new Uri(address));
        return 0;
    case ["gate", "record", .. { Length: > 1 } models]:
        await PerQueryRecorder.RunAsync(models, RepositoryFolders.PerQueryValues());
        return 0;
    case []:
        words = ["all"];
        break;
    case ["embedding" or "copy" or "memory" or "catchup" or "cluster" or "recovery" or "planning" or "search" or "gateway" or "drift" or "gate" or "all"] or ["drift", "speed" or "queries" or "documents" or "samples"] or ["planning", "whole"]:
        break;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}

Console.WriteLine($"{Machine.Facts()}{(quick ? ", quick" : "")}\n");
if (words[0] is "search" or "all")
{
    await SearchBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "copy" or "all")
{
    await CopyBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "memory" or "all")
{
    await CopyBenchmark.MemoryAsync(Console.Out, quick);
}

if (words[0] is "catchup" or "all")
{
    await CatchUpBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "cluster" or "all")
{
    await SpeedUpBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "recovery" or "all")
{
    await RecoveryBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "planning" or "all")
{
    await PlanningSimulation.RunAsync(Console.Out, quick, whole: words.Length > 1);
}

if (words[0] is "embedding" or "all")
{
    await StreamMemory.RunAsync(Console.Out, quick); // first, since the peak of the working set is the process'
    await EmbeddingSuite.RunAsync(Console.Out, quick);
    await ClosestPairBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "gateway" or "all")
{
    await GatewayBenchmark.RunAsync(Console.Out, quick);
}

if (words[0] is "gate" or "all")
{
    GateBenchmark.Run(Console.Out, quick);
}

if (words[0] is "drift" or "all")
{
    await DriftBenchmark.RunAsync(Console.Out, quick, words.Length > 1 ? words[1] : null);
}

return 0;
