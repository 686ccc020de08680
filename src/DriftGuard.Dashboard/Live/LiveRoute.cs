using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Dashboard.Live;

/// <summary><c>GET /ui/live?api=...&amp;tag=...</c>: an event whenever one of some addresses of the API answers something else, with the caller's rights.</summary>
internal static class LiveRoute
{
    private const string Readable = "/api/v1/";

    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/live", Follow);

    /// <summary>Where a page is followed; null of one that was made from nothing.</summary>
    public static string? AddressOf(IReadOnlyList<AskedAnswer> asked) => asked.Count == 0 ? null
        : $"/ui/live?{string.Join('&', asked.Take(LiveChanges.MostAddresses).Select(answer => $"api={Uri.EscapeDataString(answer.Address)}&tag={Uri.EscapeDataString(answer.Tag)}"))}";

    private static IResult Follow(string[]? api, string[]? tag, LiveChanges changes, HttpContext context)
    {
        if (api is not { Length: > 0 and <= LiveChanges.MostAddresses } || tag?.Length != api.Length || api.Any(address => !address.StartsWith(Readable, StringComparison.Ordinal)))
        {
            throw new OperatorException(OperatorError.Invalid, $"expected api, and tag beside it, from 1 to {LiveChanges.MostAddresses} times, each api below {Readable}");
        }

        return changes.TryEnter()
            ? TypedResults.ServerSentEvents(LeavingAsync(changes, PageApi.Of(context), [.. api.Zip(tag, (address, known) => new AskedAnswer(address, known)).DistinctBy(answer => answer.Address, StringComparer.Ordinal)], context.RequestAborted))
            : throw new OperatorException(OperatorError.Unavailable, $"{LiveChanges.MostFollowed} pages are followed already: reload this one now and then");
    }

    private static async IAsyncEnumerable<SseItem<string>> LeavingAsync(
        LiveChanges changes, PageApi api, IReadOnlyList<AskedAnswer> asked, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await foreach (var change in changes.FollowAsync(api, asked, cancellation))
            {
                yield return change;
            }
        }
        finally
        {
            changes.Leave();
        }
    }
}
