namespace DriftGuard.Worker.Gateway;

/// <summary>How much one request may ask for. What is beyond is refused before anything is done for it.</summary>
internal static class GatewayLimits
{
    /// <summary>Bytes of a body.</summary>
    public const int BodyBytes = 16 * 1024 * 1024;

    /// <summary>How long a body may take to come.</summary>
    public static readonly TimeSpan LongestBody = TimeSpan.FromSeconds(30);

    /// <summary>KiB of all bodies of one client that are worked on or wait.</summary>
    public const int ClientKibibytes = 64 * 1024;

    /// <summary>KiB of all bodies that are worked on or wait.</summary>
    public const int AllKibibytes = 256 * 1024;

    /// <summary>How deep objects and arrays of a body may lie in each other.</summary>
    public const int JsonDepth = 32;

    /// <summary>Texts that one call embeds, as of the OpenAI API.</summary>
    public const int Texts = 2_048;

    /// <summary>Characters of one text: what is longer is no passage.</summary>
    public const int TextLength = 1_000_000;

    /// <summary>Points that one call writes or deletes.</summary>
    public const int Points = 1_000;

    /// <summary>Points that one search finds, those that it leaves out at the beginning included.</summary>
    public const int Found = 10_000;

    /// <summary>Conditions of a filter, those inside of others included.</summary>
    public const int Conditions = 1_000;

    /// <summary>Values that all conditions of a filter name together.</summary>
    public const int Values = 10_000;

    /// <summary>The longest time that a route is waited for to change.</summary>
    public static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(60);
}
