using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Everything that must not be shown, in every form in which a server may send it back. Servers do: "incorrect API key provided: ...".
/// </summary>
public sealed class Secrets
{
    private const string Mask = "[secret]";

    // Shorter ones are found in ordinary words, and masking those would make messages unreadable and guard nothing.
    private const int ShortestSecret = 4;

    private readonly ConcurrentDictionary<string, bool> _forms = new(StringComparer.Ordinal);

    /// <summary>Of none yet.</summary>
    public Secrets()
    {
    }

    /// <summary>Values of headers and parameters are taken for secrets, since keys of gateways are put there; not Azure's version.</summary>
    internal Secrets(EndpointSettings settings)
    {
        foreach (var value in settings.Headers.Concat(settings.Query).Where(p => p.Key != "api-version").Select(p => p.Value))
            Add(value);
    }

    /// <summary>Must not be shown from now on, unless it is too short to be a secret.</summary>
    public void Add(string secret)
    {
        if (secret.Length < ShortestSecret)
            return;
        foreach (var form in new[] { secret, Uri.EscapeDataString(secret), WebUtility.HtmlEncode(secret), JsonEncodedText.Encode(secret).ToString(), Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)) })
            _forms[form] = true;
    }

    /// <summary>The text without any of them, those that were replaced meanwhile included.</summary>
    public string Redact(string text)
    {
        foreach (var form in _forms.Keys.OrderByDescending(f => f.Length))
            text = text.Replace(form, Mask, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>No secret.</summary>
    public override string ToString() => Mask;
}
