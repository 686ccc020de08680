using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>Goes through partitions side by side: each lane takes the next one that no other has, and has work of its own.</summary>
/// <param name="partitions">The partitions, in id order.</param>
/// <param name="most">Lanes at the most.</param>
/// <param name="begin">The work of a lane.</param>
internal sealed class PassLanes(IReadOnlyList<Partition> partitions, int most, Func<PassWork> begin)
{
    /// <summary>The work of one lane, for what goes by no partitions.</summary>
    public PassWork Single() => begin();

    /// <summary>Runs all of it.</summary>
    /// <param name="compare">Compares one partition and gives what differs to the lane's work.</param>
    /// <param name="cancellation">Cancels; what fails in one lane ends the others.</param>
    /// <returns>The work of each lane, done.</returns>
    public async Task<IReadOnlyList<PassWork>> RunAsync(Func<Partition, PassWork, CancellationToken, Task> compare, CancellationToken cancellation)
    {
        var next = -1;
        PassWork[] works = [.. Enumerable.Range(0, Math.Clamp(partitions.Count, 1, most)).Select(_ => begin())];
        await Parallel.ForEachAsync(works, new ParallelOptions { MaxDegreeOfParallelism = works.Length, CancellationToken = cancellation }, async (work, stop) =>
        {
            for (var i = Interlocked.Increment(ref next); i < partitions.Count; i = Interlocked.Increment(ref next))
            {
                await compare(partitions[i], work, stop);
            }

            await work.FlushAsync(stop);
        });
        return works;
    }
}
