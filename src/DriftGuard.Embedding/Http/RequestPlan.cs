namespace DriftGuard.Embedding.Http;

/// <summary>Which texts go together: as many as a request may have, in the order they come.</summary>
internal static class RequestPlan
{
    /// <summary>Splits texts into requests.</summary>
    /// <param name="texts">The texts; they are taken as requests are.</param>
    /// <param name="mostTexts">Most texts of a request.</param>
    /// <param name="mostTokens">Most tokens of a request; a single text may have more.</param>
    public static IEnumerable<IReadOnlyList<PreparedText>> Split(IEnumerable<PreparedText> texts, int mostTexts, int mostTokens)
    {
        var request = new List<PreparedText>();
        long tokens = 0;
        foreach (var text in texts)
        {
            if (request.Count == mostTexts || (request.Count > 0 && tokens + text.Tokens > mostTokens))
            {
                yield return request;
                (request, tokens) = ([], 0);
            }

            request.Add(text);
            tokens += text.Tokens;
        }

        if (request.Count > 0)
            yield return request;
    }
}
