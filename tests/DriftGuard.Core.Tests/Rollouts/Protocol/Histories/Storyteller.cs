namespace DriftGuard.Core.Tests.Rollouts.Protocol.Histories;

/// <summary>Makes a failing history as short as it gets, and tells it step by step.</summary>
internal static class Storyteller
{
    /// <summary>The shortest history that breaks the same invariant, as people read it.</summary>
    public static string Tell(History history) => Tell(history, Mutation.None);

    public static string Tell(History history, Mutation mutation)
    {
        if (Violation(history, mutation) is not { } violation)
        {
            return $"{history.Choices.Count} choices that break nothing";
        }

        var shortest = Shrink(history, mutation, violation.Number);
        var story = new List<string>();
        var broken = Violation(shortest, mutation, story)!;
        return $"{broken.Message}\n{shortest.Circumstances}\n[{string.Join(", ", shortest.Choices)}]\n{string.Join('\n', story)}";
    }

    public static InvariantViolation? Violation(History history, Mutation mutation, List<string>? story = null)
    {
        try
        {
            ProtocolWorld.Live(history, mutation, story);
            return null;
        }
        catch (InvariantViolation violation)
        {
            return violation;
        }
    }

    /// <summary>Leaves choices out, and makes arguments small, as long as the same invariant breaks.</summary>
    public static History Shrink(History history, Mutation mutation, int invariant)
    {
        for (var (shorter, rounds) = (true, 0); shorter && rounds < 20; rounds++)
        {
            shorter = false;
            for (var length = Math.Max(1, history.Choices.Count / 2); length > 0; length /= 2)
            {
                for (var at = 0; at + length <= history.Choices.Count;)
                {
                    shorter |= Try([.. history.Choices.Take(at), .. history.Choices.Skip(at + length)], ref history) || ++at < 0;
                }
            }

            for (var at = 0; at < history.Choices.Count; at++)
            {
                foreach (var argument in Enumerable.Range(0, history.Choices[at].Argument))
                {
                    if (Try([.. history.Choices.Take(at), history.Choices[at] with { Argument = argument }, .. history.Choices.Skip(at + 1)], ref history))
                    {
                        shorter = true;
                        break;
                    }
                }
            }
        }

        return history;

        bool Try(List<Choice> choices, ref History smallest)
        {
            var candidate = smallest with { Choices = choices };
            if (Violation(candidate, mutation)?.Number != invariant)
            {
                return false;
            }

            smallest = candidate;
            return true;
        }
    }
}
