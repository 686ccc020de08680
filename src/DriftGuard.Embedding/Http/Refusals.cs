using System.Net;

namespace DriftGuard.Embedding.Http;

/// <summary>What a status and its message mean: pass, end the call, or try with fewer texts.</summary>
internal static class Refusals
{
    /// <summary>
    /// How servers say that there are too many texts or tokens. llama.cpp says so with status 500, others with 400, 413 or 422, and few have a
    /// code for it.
    /// </summary>
    private static readonly string[] TooLargePhrases =
    [
        "context length", "context size", "maximum input length", "maximum model length", "input length exceeds", "tokens per request", "max_tokens_per_request",
        "too many inputs", "too many tokens", "too many texts", "number of texts", "too large to process", "must have less than",
        "maximum allowed batch size", "batch size is invalid", "context_length_exceeded",
    ];

    private static readonly string[] ModelMissingPhrases = ["model not found", "model_not_found", "does not exist", "deploymentnotfound", "no such model", "invalid model"];

    /// <summary>Whether it passes by itself.</summary>
    public static bool IsTransient(HttpStatusCode status, string message) =>
        (status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425 || (int)status >= 500)
        // OpenAI gives an account without credit the status of one that is too fast.
        && !message.Contains("insufficient_quota", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether fewer texts, or others, may be taken.</summary>
    public static Refusal Of(HttpStatusCode status, string message)
    {
        if (status == HttpStatusCode.RequestEntityTooLarge)
            return Refusal.TooLarge;
        var mayBeContent = status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or (HttpStatusCode)498;
        if ((mayBeContent || status == HttpStatusCode.InternalServerError) && Has(message, TooLargePhrases))
            return Refusal.TooLarge;
        return mayBeContent && !Has(message, ModelMissingPhrases) ? Refusal.Content : Refusal.None;
    }

    /// <summary>What a person can do about a status.</summary>
    public static string Advice(HttpStatusCode status, string message, string keySource) => status switch
    {
        HttpStatusCode.Unauthorized => $"The API key comes from {keySource}; put a valid one there.",
        HttpStatusCode.Forbidden => $"The API key comes from {keySource}; give it the right to use this model.",
        HttpStatusCode.NotFound => "Check endpoint.url, which the provider's path is put behind, and the name under model.",
        HttpStatusCode.MethodNotAllowed => "Check endpoint.url and provider: another kind of server answers there.",
        HttpStatusCode.PaymentRequired => "Check the account's credit.",
        HttpStatusCode.TooManyRequests when !IsTransient(status, message) => "Check the account's credit and plan.",
        HttpStatusCode.TooManyRequests => "Set endpoint.requests_per_minute and endpoint.tokens_per_minute to what the account allows.",
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => "Set endpoint.url to where the server is: redirects are not followed, since the API key would go along.",
        >= HttpStatusCode.InternalServerError => "See the server's log.",
        _ when Has(message, ModelMissingPhrases) => "Check the name under model.",
        _ => "Check the request's settings against what the server takes: model, send_dimensions, encoding, input_types, embedding_type.",
    };

    private static bool Has(string message, string[] phrases) => phrases.Any(p => message.Contains(p, StringComparison.OrdinalIgnoreCase));
}
