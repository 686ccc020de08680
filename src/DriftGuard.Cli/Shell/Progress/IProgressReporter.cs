namespace DriftGuard.Cli.Shell.Progress;

/// <summary>Shows how far long work has come.</summary>
internal interface IProgressReporter
{
    /// <summary>Starts a piece of work.</summary>
    /// <param name="name">What is done, such as <c>embedding docs</c>.</param>
    /// <param name="total">How many units there are to do, such as points.</param>
    /// <param name="before">How many of them were done before, as after a resume: they count towards the share and not towards the rate.</param>
    IProgressTask Task(string name, long total, long before = 0);
}

/// <summary>One piece of work.</summary>
internal interface IProgressTask
{
    /// <summary>Says how many units are done. May be called from any thread, as often as wanted.</summary>
    void Report(long done);

    /// <summary>Says how it goes, in words that go before what can be told of the rate alone; empty for nothing to say.</summary>
    void Note(string note);

    /// <summary>Says that there is more, or less, to do than thought.</summary>
    void ChangeTotal(long total);
}
