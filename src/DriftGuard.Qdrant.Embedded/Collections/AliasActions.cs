using System.Collections.Immutable;
using Grpc.Core;
using Qdrant.Client.Grpc;
using ActionCase = Qdrant.Client.Grpc.AliasOperations.ActionOneofCase;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>The actions of one UpdateAliases, in order.</summary>
internal static class AliasActions
{
    /// <summary>The aliases after the actions up to the first that fails, and that one's refusal.</summary>
    public static (ImmutableDictionary<string, string> Aliases, RpcException? Failure) Apply(CatalogView view, IEnumerable<AliasOperations> actions)
    {
        var aliases = view.Aliases;
        foreach (var action in actions)
        {
            try
            {
                aliases = Apply(view.Collections, aliases, action);
            }
            catch (RpcException refusal)
            {
                return (aliases, refusal);
            }
        }

        return (aliases, null);
    }

    private static ImmutableDictionary<string, string> Apply(
        ImmutableDictionary<string, Collection> collections, ImmutableDictionary<string, string> aliases, AliasOperations action)
    {
        switch (action.ActionCase)
        {
            case ActionCase.CreateAlias:
                var (name, target) = (action.CreateAlias.AliasName, action.CreateAlias.CollectionName);
                if (!collections.ContainsKey(target)) throw Refusal.NoCollection(target);
                if (collections.ContainsKey(name)) throw Refusal.CollectionExists(name);
                return aliases.SetItem(name, target);
            case ActionCase.DeleteAlias:
                return aliases.Remove(action.DeleteAlias.AliasName);
            case ActionCase.RenameAlias:
                var (old, renamed) = (action.RenameAlias.OldAliasName, action.RenameAlias.NewAliasName);
                if (!aliases.TryGetValue(old, out var collection)) throw Refusal.NoAlias(old);
                if (collections.ContainsKey(renamed)) throw Refusal.CollectionExists(renamed);
                return aliases.Remove(old).SetItem(renamed, collection);
            default:
                throw Refusal.Invalid("Malformed AliasOperations: an action without a kind");
        }
    }
}
