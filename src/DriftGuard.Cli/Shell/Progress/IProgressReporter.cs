namespace DriftGuard.Cli.Shell.Progress;

/// <summary>Shows how far long work has come.</summary>
internal interface IProgressReporter
{
    /// <summary>Starts a piece of work.</summary>
    /// <param name="name">What is done, such as <c>embedding docs</c>.</param>
    /// <param name="total">How many units there are to do, such as points.</param>
    IProgressTask Task(string name, long total);
}

/// <summary>One piece of work.</summary>
internal interface IProgressTask
{
    /// <summary>Says how many units are done. May be called from any thread, as often as wanted.</summary>
    void Report(long done);

    /// <summary>Says that there is more, or less, to do than thought.</summary>
    void ChangeTotal(long total);
}
