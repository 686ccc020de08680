using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant;

public sealed partial class QdrantStore
{
    /// <summary>All aliases, as this peer sees them.</summary>
    public async Task<AliasTable> AliasesAsync(CancellationToken cancellationToken = default)
    {
        var reply = await ReadAsync("List aliases", null, options => _collections.ListAliasesAsync(new ListAliasesRequest(), options), cancellationToken);
        return new AliasTable(reply.Aliases.Select(static alias => KeyValuePair.Create(alias.AliasName, alias.CollectionName)));
    }

    /// <summary>
    /// Changes aliases in one call. Never repeated: where the answer is lost, <see cref="QdrantException.OutcomeUnknown"/> says so, and only
    /// a rename of the token settles it.
    /// </summary>
    /// <exception cref="AliasNotFoundException">An alias to rename is missing; nothing after that action has run.</exception>
    public async Task ChangeAliasesAsync(IReadOnlyList<AliasChange> changes, CancellationToken cancellationToken = default)
    {
        var request = new ChangeAliases { Timeout = AdminTimeoutSeconds };
        foreach (var change in changes)
            request.Actions.Add(change.ToWire());
        const string Operation = "Change aliases";
        try
        {
            await ChangeAsync(Operation, null, repeatable: false, options => _collections.UpdateAliasesAsync(request, options), cancellationToken);
        }
        catch (QdrantException exception) when (exception.Kind == QdrantFailure.NotFound && MissingAlias(exception, changes) is { } missing)
        {
            throw new AliasNotFoundException(
                $"{Operation} at {Address} stopped: alias '{missing}' is not there to rename; another one renamed it first, or it was deleted. "
                + "Nothing after that action has run: read the aliases again before deciding.",
                exception)
            {
                Alias = missing,
                Operation = Operation,
            };
        }
    }

    /// <summary>Which alias to rename the server did not find: it names it, while a missing collection is named as a collection.</summary>
    private static string? MissingAlias(QdrantException exception, IReadOnlyList<AliasChange> changes) =>
        exception.InnerException is Grpc.Core.RpcException { Status.Detail: var detail } && detail.Contains("alias", StringComparison.OrdinalIgnoreCase)
            ? changes.OfType<AliasChange.Rename>().Select(static rename => rename.From)
                .FirstOrDefault(from => detail.Contains(from, StringComparison.Ordinal))
            : null;
}
