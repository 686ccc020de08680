using DriftGuard.Fuzz.Tests.Mutations;

namespace DriftGuard.Fuzz.Tests;

/// <summary>What holds of every target: whatever it is given, it has an answer, and a foreseen one.</summary>
public abstract class TargetTests(string name)
{
    private readonly FuzzTarget target = FuzzTarget.Of(name);

    [Fact]
    public void Inputs_as_people_send_them_have_an_answer() => ShouldHaveAnswers(Corpus.Seeds(target)).ShouldBeGreaterThan(0);

    [Fact]
    public void What_once_found_something_has_an_answer() => ShouldHaveAnswers(Corpus.Found(target));

    [Fact]
    public void Changed_inputs_have_an_answer()
    {
        var mutator = new Mutator(target);
        for (ulong number = 0; number < (ulong)target.Mutations; number++)
        {
            var mutation = mutator.Of(number);
            if (GuardedRun.FindingOf(target, mutator.InputOf(mutation)) is { } finding)
                Assert.Fail($"{target.Name}, mutation {number} of input {Corpus.Seeds(target)[mutation.Seed].Name}: {finding}\n{Convert.ToBase64String(mutator.InputOf(mutation))}");
        }
    }

    private int ShouldHaveAnswers(IReadOnlyList<(string Name, byte[] Input)> inputs)
    {
        foreach (var (file, input) in inputs)
        {
            if (GuardedRun.FindingOf(target, input) is { } finding)
                Assert.Fail($"{target.Name}, {file}: {finding}");
        }

        return inputs.Count;
    }
}
