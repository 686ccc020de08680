using System.Text.RegularExpressions;

namespace DriftGuard.Architecture.Tests;

public sealed partial class LoopTests
{
    private const string Supervisor = "src/DriftGuard.Worker/Loops/LoopSupervisor.cs";

    [Fact]
    public void Whatever_goes_on_is_a_loop_under_the_supervisor_and_no_background_service_of_its_own() =>
        Repository.SourceFiles.Where(file => Derived().IsMatch(Repository.Read(file))).ShouldBe([Supervisor]);

    [Theory]
    [InlineData("internal sealed class Watch : BackgroundService", true)]
    [InlineData("internal sealed class Watch(State state)\n    : Microsoft.Extensions.Hosting.BackgroundService, IWatch", true)]
    [InlineData("class Watch : IWatch, BackgroundService", true)]
    [InlineData("// as a BackgroundService does", false)]
    [InlineData("/// <see cref=\"BackgroundService\"/>", false)]
    public void A_background_service_is_recognised(string source, bool found) => Derived().IsMatch(source).ShouldBe(found);

    [Fact]
    public void Queues_between_loops_are_bounded() =>
        Repository.SourceFiles.Where(file => Repository.Read(file).Contains("Channel.CreateUnbounded", StringComparison.Ordinal)).ShouldBeEmpty();

    [GeneratedRegex(@"[:,]\s*(global::)?([A-Za-z]+\.)*BackgroundService\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Derived();
}
