using DriftGuard.Worker.Models;
using DriftGuard.Worker.Tests.Rollouts;

namespace DriftGuard.Worker.Tests.Models;

public sealed class ModelPoolTests
{
    [Fact]
    public async Task Callers_at_the_same_time_open_a_model_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        const int Callers = 4;
        var opened = 0;
        using var ready = new CountdownEvent(Callers);
        using var pool = new ModelPool(name =>
        {
            Interlocked.Increment(ref opened);
            return new HashEmbedder(name, 8);
        });

        var models = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                ready.Signal();
                ready.Wait(cancellation);
                return pool.Get("model");
            },
            cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        opened.ShouldBe(1);
        models.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void A_model_that_could_not_be_opened_is_tried_again_by_the_next_caller()
    {
        var mended = false;
        using var pool = new ModelPool(name => mended ? new HashEmbedder(name, 8) : throw new InvalidOperationException("missing"));
        Should.Throw<InvalidOperationException>(() => pool.Get("model"));

        mended = true;

        pool.Get("model").Spec.Name.ShouldBe("model");
    }
}
