using DriftGuard.Core.Embedding;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Embedding;

/// <summary>
/// How a model is run. Nothing here changes a vector beyond the rounding of floats. What is not stated of <see cref="Sessions"/>,
/// <see cref="ThreadsPerSession"/> and <see cref="TokensPerRun"/> is found by a short trial on this machine, see
/// <see cref="EmbeddingModel.Tuning"/>.
/// </summary>
public sealed record EmbeddingModelOptions
{
    /// <summary>Texts of one bulk call that are tokenised and sorted together, unless said otherwise.</summary>
    public const int DefaultWindow = 2048;

    /// <summary>Tokens of one run of a graph that batches, until the trial has found better.</summary>
    public const int DefaultTokensPerRun = 1024;

    /// <summary>Texts of a call up to which it goes ahead of bulk calls, unless said otherwise.</summary>
    public const int DefaultInteractiveTexts = 8;

    /// <summary>Texts of bulk calls, since the model was opened, from which on a trial pays.</summary>
    public const int TextsThatPayForATrial = 256;

    /// <summary>
    /// Sessions, each with <see cref="ThreadsPerSession"/> and its own copy of the weights; measured unless stated. More than cores
    /// gains nothing.
    /// </summary>
    public int? Sessions { get; init; }

    /// <summary>Threads that one run of a session takes; measured unless stated.</summary>
    public int? ThreadsPerSession { get; init; }

    /// <summary>
    /// What graphs run on, in the order of preference: <c>cpu</c>, <c>cuda</c>, or another provider of the ONNX runtime that this
    /// executable was built with. What it was not built with is passed over for the next; if none is left, the model is refused.
    /// </summary>
    public IReadOnlyList<string> ExecutionProviders { get; init; } = ["cpu"];

    /// <summary>
    /// Texts of a bulk call that are tokenised and sorted by length together. A call holds two windows of tokens at most.
    /// </summary>
    public int Window { get; init; } = DefaultWindow;

    /// <summary>Tokens, padding included, of one run of a graph that batches; measured unless stated.</summary>
    public int? TokensPerRun { get; init; }

    /// <summary>
    /// Calls of no more texts than this go ahead of bulk calls where vectors are computed in the process: a search waits for one run, not for
    /// a corpus.
    /// </summary>
    public int InteractiveTexts { get; init; } = DefaultInteractiveTexts;

    /// <summary>
    /// As which models the provider has answered before: where it answers as another one now, calls fail. None for models that run in the process.
    /// </summary>
    public IReadOnlyList<ProviderIdentity> KnownIdentities { get; init; } = [];

    /// <summary>The clock of waits, limits and identities.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where logs go.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Attempts after the first one of a request to a provider, in place of those that the model folder states.</summary>
    internal int? Retries { get; init; }

    /// <summary>
    /// Where the trial's result is kept, by model, kind of machine and stated settings, for the next time the model is opened; it is
    /// made where it is missing. Not kept unless said.
    /// </summary>
    public string? TuningDirectory { get; init; }

    /// <summary>Told once the settings are found: when the model is opened, or after the trial.</summary>
    public Action<InferenceTuning>? Tuned { get; init; }

    /// <exception cref="ArgumentException">A figure makes no sense.</exception>
    internal static void Validate(EmbeddingModelOptions options)
    {
        if (options.Sessions < 1 || options.ThreadsPerSession < 1 || options.Window < 1 || options.TokensPerRun < 1 || options.InteractiveTexts < 0)
        {
            throw new ArgumentException($"{options}: {nameof(Sessions)}, {nameof(ThreadsPerSession)}, {nameof(Window)} and {nameof(TokensPerRun)} must be 1 or more, "
                + $"{nameof(InteractiveTexts)} 0 or more.", nameof(options));
        }
    }
}
