using DriftGuard.Cli.Shell.Progress;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Cli.Tests.Shell;

public sealed class PlainProgressTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void Each_tenth_of_the_work_is_one_line_however_often_it_is_reported()
    {
        var task = new PlainProgress(_writer, _time).Task("embedding", 1000);

        for (var done = 1; done <= 1000; done++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            task.Report(done);
        }

        Lines().Count.ShouldBe(10);
        Lines()[0].ShouldBe("embedding: 100 of 1,000 (10 %), 100/s, 9s left");
        Lines()[^1].ShouldBe("embedding: 1,000 of 1,000 (100 %), 100/s, took 10s");
    }

    [Fact]
    public void Slow_work_shows_a_sign_of_life_every_half_minute()
    {
        var task = new PlainProgress(_writer, _time).Task("embedding", 1_000_000);

        for (var done = 1; done <= 60; done++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            task.Report(done);
        }

        Lines().ShouldBe(["embedding: 30 of 1,000,000 (0 %), 1.0/s, 11d13h46m10s left", "embedding: 60 of 1,000,000 (0 %), 1.0/s, 11d13h45m40s left"]);
    }

    [Fact]
    public void Work_that_grows_is_measured_against_what_there_is_to_do_now()
    {
        var task = new PlainProgress(_writer, _time).Task("catching up", 10);
        task.ChangeTotal(20);

        task.Report(2);

        Lines().ShouldBe(["catching up: 2 of 20 (10 %)"]);
    }

    private List<string> Lines() => [.. _writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
