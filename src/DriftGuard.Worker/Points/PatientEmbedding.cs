using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Points;

/// <summary>What became of a text after one or more tries.</summary>
/// <param name="Outcome">The last outcome.</param>
/// <param name="Tries">How often it was tried.</param>
internal readonly record struct TriedText(EmbeddingOutcome Outcome, int Tries);

/// <summary>
/// Embeds a batch so that no text is given up because of its neighbours, or after one bad moment: what has no vector is tried again alone, and a batch
/// that fails as a whole is halved until it is clear which text it fails on.
/// </summary>
/// <param name="model">Makes the vectors.</param>
/// <param name="mostTries">How often a text is tried before it is given up.</param>
internal sealed class PatientEmbedding(ITextEmbedder model, int mostTries)
{
    /// <summary>A text that every model takes: where it fails, too, no text is to blame.</summary>
    private const string HarmlessText = "a";

    /// <summary>Tokens of tries that came to nothing.</summary>
    public long TokensBeside { get; private set; }

    /// <summary>Embeds texts, in the order given.</summary>
    /// <exception cref="Exception">What the model failed with, where it is not about the texts.</exception>
    public async Task<TriedText[]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var tried = await TryTogetherAsync(texts, cancellation);
        for (var i = 0; i < tried.Length; i++)
        {
            while (!tried[i].Outcome.IsEmbedded && tried[i].Tries < mostTries && MayPass(tried[i].Outcome.Failure))
            {
                TokensBeside += tried[i].Outcome.Tokens;
                var again = await TryTogetherAsync([texts[i]], cancellation);
                tried[i] = again[0] with { Tries = tried[i].Tries + again[0].Tries };
            }
        }

        return tried;
    }

    private async Task<TriedText[]> TryTogetherAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        try
        {
            return [.. (await model.EmbedAsync(texts, InputKind.Document, cancellation)).Select(outcome => new TriedText(outcome, 1))];
        }
        catch (Exception exception) when (MayBeAboutATextOf(exception))
        {
            if (!await TakesHarmlessAsync(cancellation))
            {
                throw;
            }

            return texts.Count > 1
                ? [.. await TryTogetherAsync([.. texts.Take(texts.Count / 2)], cancellation), .. await TryTogetherAsync([.. texts.Skip(texts.Count / 2)], cancellation)]
                : [new(EmbeddingOutcome.Failed(exception.Message), 1)];
        }
    }

    private async Task<bool> TakesHarmlessAsync(CancellationToken cancellation)
    {
        try
        {
            return (await model.EmbedAsync([HarmlessText], InputKind.Document, cancellation))[0].IsEmbedded;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What is wrong with these texts is wrong with them whenever they are looked at.</summary>
    private static bool MayPass(string? failure) =>
        failure is not (EmbeddingFailures.EmptyText or EmbeddingFailures.NoTokens or EmbeddingFailures.LoneSurrogate);

    /// <summary>Where nobody answers, or something has to be mended by a person, no text is to blame.</summary>
    private static bool MayBeAboutATextOf(Exception exception) => exception switch
    {
        OperationCanceledException or OperatorException or StateException or ModelException or ObjectDisposedException => false,
        EmbeddingProviderException { AnsweredAs: not null } => false,
        EmbeddingProviderException provider => provider.Status is not null || Root(provider) is not (HttpRequestException or IOException),
        _ => true,
    };

    private static Exception Root(Exception exception) => exception is EmbeddingProviderException { InnerException: { } inner } ? Root(inner) : exception;
}
