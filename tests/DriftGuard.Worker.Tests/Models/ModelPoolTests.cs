using System.Collections.Concurrent;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Tests.Rollouts;

namespace DriftGuard.Worker.Tests.Models;

public sealed class ModelPoolTests
{
    [Fact]
    public void Callers_at_the_same_time_open_a_model_once()
    {
        var opened = 0;
        Thread[] callers = [];
        using var pool = new ModelPool(name =>
        {
            Interlocked.Increment(ref opened);
            // Open until every other caller stands and waits, or has come in as well.
            SpinWait.SpinUntil(() => opened > 1 || callers.All(c => c == Thread.CurrentThread || c.ThreadState.HasFlag(ThreadState.WaitSleepJoin)));
            return new HashEmbedder(name, 8);
        });
        var models = new ConcurrentBag<ITextEmbedder>();
        callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() => models.Add(pool.Get("model"))))];

        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());

        opened.ShouldBe(1);
        models.Count.ShouldBe(4);
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
