using System.Globalization;
using DriftGuard.Fuzz.Tests.Mutations;
using SharpFuzz;

namespace DriftGuard.Fuzz.Tests;

/// <summary>Runs the tests; or a target for a fuzzer, for files, or for as long as somebody likes. See README.md beside it.</summary>
internal static class Program
{
    private const string Explore = "explore";

    // libFuzzer hands inputs over in memory, and says here in which.
    private const string OfLibFuzzer = "__LIBFUZZER_SHM_ID";

    public static async Task<int> Main(string[] args)
    {
        if (args is not [var name, ..] || FuzzTarget.All.FirstOrDefault(target => target.Name == name) is not { } target)
            return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        return args[1..] switch
        {
            [] => Fuzz(target),
            [Explore, var minutes, .. var first] => ExploreFor(target, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)), first is [var seed] ? ulong.Parse(seed, CultureInfo.InvariantCulture) : null),
            var paths => Replay(target, paths),
        };
    }

    private static int Fuzz(FuzzTarget target)
    {
        if (Environment.GetEnvironmentVariable(OfLibFuzzer) is null)
        {
            Fuzzer.OutOfProcess.Run(stream =>
            {
                using var input = new MemoryStream();
                stream.CopyTo(input);
                target.Run(input.ToArray());
            });
        }
        else
        {
            Fuzzer.LibFuzzer.Run(input => target.Run(input));
        }

        return 0;
    }

    private static int Replay(FuzzTarget target, string[] paths)
    {
        var findings = 0;
        foreach (var file in paths.SelectMany(FilesOf))
            findings += Tell(file, GuardedRun.FindingOf(target, File.ReadAllBytes(file)));
        return findings == 0 ? 0 : 1;
    }

    private static IEnumerable<string> FilesOf(string path) =>
        Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];

    private static int ExploreFor(FuzzTarget target, TimeSpan time, ulong? from)
    {
        var (mutator, began, findings, number) = (new Mutator(target), TimeProvider.System.GetTimestamp(), new HashSet<string>(StringComparer.Ordinal), from ?? (ulong)Random.Shared.NextInt64());
        var first = number;
        for (; TimeProvider.System.GetElapsedTime(began) < time; number++)
        {
            var mutation = mutator.Of(number);
            if (GuardedRun.FindingOf(target, mutator.InputOf(mutation)) is not { } finding || !findings.Add(Kind(finding)))
                continue;
            mutation = mutator.Shrunk(mutation, input => GuardedRun.FindingOf(target, input) is { } same && Kind(same) == Kind(finding));
            var file = Path.Join(Directory.CreateDirectory("found").FullName, $"{target.Name}-{number}");
            File.WriteAllBytes(file, mutator.InputOf(mutation));
            Tell(file, finding);
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number - first} mutations from {first}, {findings.Count} findings"));
        return findings.Count == 0 ? 0 : 1;
    }

    /// <summary>Findings of one kind are one finding: what was thrown, and where.</summary>
    private static string Kind(Exception finding)
    {
        var thrown = finding.InnerException ?? finding;
        return $"{thrown.GetType().Name} {(finding is FindingException ? finding.Message[..Math.Min(80, finding.Message.Length)] : "")} {thrown.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("DriftGuard.", StringComparison.Ordinal) && !line.Contains("Fuzz", StringComparison.Ordinal))}";
    }

    private static int Tell(string file, Exception? finding)
    {
        if (finding is not null)
            Console.Out.WriteLine($"{file}: {finding}");
        return finding is null ? 0 : 1;
    }
}
