using System.Globalization;

namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>
/// The clock of a process, which can be set while that runs: libfaketime, put before the C library. Only the time of day jumps; the clock that
/// measures waits goes on, as on a machine whose clock is set.
/// </summary>
/// <param name="file">The file from which the library reads how far off the clock is.</param>
internal sealed class FakeClock(string file)
{
    private const string Library = "libfaketimeMT.so.1";

    // A clock that is an hour or a day off, either way; few different ones, so that what waits for a time far ahead does not wait for ever.
    private static readonly TimeSpan[] Jumps = [TimeSpan.FromHours(-30), TimeSpan.FromHours(-2), TimeSpan.FromHours(2), TimeSpan.FromHours(30)];
    private static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(3);

    /// <summary>How often it jumped.</summary>
    public int Jumped { get; private set; }

    /// <summary>What a process needs in its environment to live by this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Installed() ?? "",
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1", // the name of it before version 0.9.9
        ["NO_FAKE_STAT"] = "1",

        // With the library's usual setting timed waits end at once, or hours late, as far as the clock is off.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Makes one that is right; a machine without the library skips the test and says so.</summary>
    public static FakeClock Start(string file)
    {
        if (Installed() is null)
            Assert.Skip("the clock of a process is moved by libfaketime: install the package faketime");
        var clock = new FakeClock(file);
        clock.Set(TimeSpan.Zero);
        return clock;
    }

    /// <summary>Jumps ahead and back, and behind and back, until it is cancelled; then it is right.</summary>
    public async Task RunAsync(int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        try
        {
            while (true)
            {
                await Task.Delay(LongestStay * random.NextDouble(), cancellation);
                Set(Jumps[random.Next(Jumps.Length)]);
                Jumped++;
                await Task.Delay(LongestStay * random.NextDouble(), cancellation);
                Set(TimeSpan.Zero);
                Jumped++;
            }
        }
        finally
        {
            Set(TimeSpan.Zero);
        }
    }

    /// <summary>In one piece: a process that reads half a number would be anywhere.</summary>
    private void Set(TimeSpan off)
    {
        var next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{off.TotalSeconds:+0;-0;+0}\n"));
        File.Move(next, file, overwrite: true);
    }

    private static string? Installed() =>
        Directory.Exists("/usr/lib")
            ? Directory.GetDirectories("/usr/lib", "faketime").Concat(Directory.GetDirectories("/usr/lib", "*-linux-*").Select(folder => Path.Join(folder, "faketime")))
                .Select(folder => Path.Join(folder, Library)).FirstOrDefault(File.Exists)
            : null;
}
