namespace DriftGuard.Embedding;

/// <summary>
/// A model folder that cannot be used. Thrown before anything is embedded; the message is for the person who set the model up.
/// </summary>
public sealed class ModelException : Exception
{
    /// <summary>Creates the exception from everything that is wrong with the folder.</summary>
    /// <param name="directory">The model's folder.</param>
    /// <param name="problems">What is wrong; at least one.</param>
    /// <param name="innerException">What the runtime said, where it was asked.</param>
    public ModelException(string directory, IReadOnlyList<ModelProblem> problems, Exception? innerException = null)
        : base(Describe(directory, problems), innerException)
    {
        Directory = directory;
        Problems = problems;
    }

    /// <summary>The model's folder.</summary>
    public string Directory { get; }

    /// <summary>There is no such model, rather than a broken one.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Everything that is wrong, in the order of the files.</summary>
    public IReadOnlyList<ModelProblem> Problems { get; }

    private static string Describe(string directory, IReadOnlyList<ModelProblem> problems) => problems.Count == 1
        ? $"The model in {directory} cannot be used. {problems[0]}"
        : $"The model in {directory} cannot be used:{string.Concat(problems.Select(p => $"\n- {p}"))}";
}

/// <summary>One thing that is wrong with a model folder.</summary>
/// <param name="File">The file, as a path that a person can open.</param>
/// <param name="Line">Its line from 1, where there is one.</param>
/// <param name="Message">What was expected, what was found, what to do.</param>
public sealed record ModelProblem(string File, int? Line, string Message)
{
    /// <summary><c>file:line: message</c>.</summary>
    public override string ToString() => Line is null ? $"{File}: {Message}" : $"{File}:{Line}: {Message}";
}
