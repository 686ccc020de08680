using DriftGuard.Worker.Calibration;

namespace DriftGuard.Worker.Tests.Calibration;

public sealed class SetFolderExchangeTests : IDisposable
{
    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("driftguard-exchange-");
    private int moves;

    public SetFolderExchangeTests()
    {
        Directory.CreateDirectory(Place);
        File.WriteAllText(Path.Join(Place, "set.yaml"), "old");
    }

    private string Place => Path.Join(parent.FullName, "mine");

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void A_set_that_can_be_put_neither_in_nor_back_is_kept_and_named()
    {
        OperatorException refused;
        using (var exchange = Begin(failing: [2, 3]))
        {
            exchange.Write("set.yaml", "new");
            refused = Should.Throw<OperatorException>(exchange.Commit);
        }

        var kept = Directory.EnumerateFiles(parent.FullName, "set.yaml", SearchOption.AllDirectories).Single(file => File.ReadAllText(file) == "old");
        refused.Message.ShouldContain($"is whole in {Path.GetDirectoryName(kept)}");
    }

    [Fact]
    public void A_set_that_cannot_be_put_in_leaves_the_old_one_in_its_place()
    {
        using (var exchange = Begin(failing: [2]))
        {
            exchange.Write("set.yaml", "new");
            Should.Throw<OperatorException>(exchange.Commit);
        }

        Content().ShouldBe("old");
        Directory.GetDirectories(parent.FullName).ShouldBe([Place]);
    }

    [Fact]
    public void What_was_put_in_is_taken_back_and_the_old_one_stands_again()
    {
        using (var exchange = Begin(failing: []))
        {
            exchange.Write("set.yaml", "new");
            exchange.Commit();
            Content().ShouldBe("new");
            exchange.Undo().ShouldBe($"{Place} is as it was");
        }

        Content().ShouldBe("old");
        Directory.GetDirectories(parent.FullName).ShouldBe([Place]);
    }

    [Fact]
    public void What_cannot_be_taken_back_is_said_to_be_written()
    {
        using (var exchange = Begin(failing: [3]))
        {
            exchange.Write("set.yaml", "new");
            exchange.Commit();
            exchange.Undo().ShouldContain($"{Place} was written and could not be taken back");
        }

        Content().ShouldBe("new");
        Directory.GetDirectories(parent.FullName).Length.ShouldBe(2, "the old one is nowhere else");
    }

    private SetFolderExchange Begin(int[] failing) => SetFolderExchange.Begin(Place, replace: true, move: (from, to) =>
    {
        if (failing.Contains(++moves))
        {
            throw new IOException("no room");
        }

        Directory.Move(from, to);
    });

    private string Content() => File.ReadAllText(Path.Join(Place, "set.yaml"));
}
