using DriftGuard.Chaos.Tests.Oracle;
using DriftGuard.Qdrant;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Chaos.Tests.Workload;

/// <summary>
/// An application that owns some documents and writes them in every way that Qdrant has, one after the other: so the order of the writes
/// to each of them is known.
/// </summary>
internal sealed class Writer(int number, QdrantStore qdrant, Route route, WriteLog log, Findings findings, int documents, Random random)
{
    private readonly Documents _documents = new(number, random);

    /// <summary>Writes all documents once, before anything else.</summary>
    public async Task FillAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < documents; i++)
            await UpsertAsync(i, cancellation);
    }

    /// <summary>Does one thing of all that an application may do.</summary>
    public Task OnceAsync(CancellationToken cancellation)
    {
        var document = random.Next(documents);
        var isThere = log.PossibleOf(_documents.IdOf(document)) is [not null];
        return (isThere ? random.Next(100) : 0) switch
        {
            < 30 => UpsertAsync(document, cancellation),
            < 50 => DeleteAsync(document, cancellation),
            < 53 => DeleteTaggedAsync(cancellation),
            < 73 => EditTextAsync(document, cancellation),
            < 88 => EditPayloadAsync(document, cancellation),
            _ => OverwriteAsync(document, cancellation),
        };
    }

    private async Task UpsertAsync(int document, CancellationToken cancellation)
    {
        var (id, payload) = (_documents.IdOf(document), _documents.New(document));
        await WriteAsync([id], "upsert " + payload[Documents.Text].StringValue, _ => payload, async () =>
        {
            var model = await route.ModelAsync(cancellation);
            var point = WireForms.NewPoint(id, model.VectorOf(payload[Documents.Text].StringValue));
            point.Payload.Add(payload);
            await qdrant.UpsertAsync(route.Alias, [point], null, cancellation);
        }, cancellation);
    }

    private Task DeleteAsync(int document, CancellationToken cancellation)
    {
        var id = _documents.IdOf(document);
        return WriteAsync([id], "delete", _ => null, () => qdrant.DeleteAsync(route.Alias, PointSelection.Of(id), cancellation), cancellation);
    }

    private Task DeleteTaggedAsync(CancellationToken cancellation)
    {
        var tag = _documents.RandomTag();
        var filter = new Filter { Must = { Is(Documents.Owner, number), Is(Documents.Tag, tag) } };
        var mine = Enumerable.Range(0, documents).Select(_documents.IdOf)
            .Where(id => log.PossibleOf(id).Any(state => state is not null && state[Documents.Tag].IntegerValue == tag));
        return WriteAsync([.. mine], "delete by filter", state => state is null || state[Documents.Tag].IntegerValue == tag ? null : state,
            () => qdrant.DeleteAsync(route.Alias, PointSelection.Where(filter), cancellation), cancellation);
    }

    /// <summary>A text and then its vector: in between the vector is that of the text before, as with any application that does this.</summary>
    private async Task EditTextAsync(int document, CancellationToken cancellation)
    {
        var (id, text) = (_documents.IdOf(document), _documents.NewTextValue(document));
        await WriteAsync([id], "set text " + text.StringValue, With(Documents.Text, text),
            () => qdrant.SetPayloadAsync(route.Alias, PointSelection.Of(id), new() { [Documents.Text] = text }, cancellation), cancellation, untilAcknowledged: true);
        if (log.PossibleOf(id) is [not null])
        {
            await WriteAsync([id], "update vector", state => state, async () =>
            {
                var model = await route.ModelAsync(cancellation);
                await qdrant.UpdateVectorsAsync(route.Alias, [WireForms.NewPointVectors(id, model.VectorOf(text.StringValue))], null, null, cancellation);
            }, cancellation, untilAcknowledged: true);
        }
    }

    private Task EditPayloadAsync(int document, CancellationToken cancellation)
    {
        var (id, note) = (_documents.IdOf(document), _documents.NewNote());
        return WriteAsync([id], "set " + note.StringValue, With("note", note),
            () => qdrant.SetPayloadAsync(route.Alias, PointSelection.Of(id), new() { ["note"] = note }, cancellation), cancellation);
    }

    private Task OverwriteAsync(int document, CancellationToken cancellation)
    {
        var id = _documents.IdOf(document);
        var payload = _documents.Other(log.PossibleOf(id)[0]!.Clone());
        return WriteAsync([id], "overwrite with " + payload["note"].StringValue, _ => payload,
            () => qdrant.OverwritePayloadAsync(route.Alias, PointSelection.Of(id), payload, cancellation), cancellation);
    }

    /// <summary>Writes until Qdrant answers, or the answer is lost; what is held or refused was not done, and is tried again.</summary>
    private async Task WriteAsync(
        IReadOnlyList<PointId> ids, string what, Func<MapField<string, Value>?, MapField<string, Value>?> apply, Func<Task> send,
        CancellationToken cancellation, bool untilAcknowledged = false)
    {
        while (true)
        {
            try
            {
                await send();
                Log(acknowledged: true);
                return;
            }
            catch (QdrantException failure) when (failure.OutcomeUnknown && !untilAcknowledged)
            {
                Log(acknowledged: false);
                return;
            }
            catch (QdrantException failure)
            {
                if (failure.Kind == QdrantFailure.NotFound && ids.Count == 1 && await IsGoneAsync(ids[0], cancellation))
                {
                    findings.Add(Finding.Lost, $"{route.Alias} {ids[0]} at '{what}': {log.HistoryOf(ids[0])}");
                    log.Add(ids[0], "found missing", true, _ => null);
                    return;
                }

                route.Forget();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5, 50)), cancellation);
            }
        }

        void Log(bool acknowledged)
        {
            foreach (var id in ids)
                log.Add(id, what, acknowledged, apply);
        }
    }

    /// <summary>Whether a document that must be there is missing while writes are not held: looked at twice, since they may be held in between.</summary>
    private async Task<bool> IsGoneAsync(PointId id, CancellationToken cancellation)
    {
        try
        {
            return log.PossibleOf(id) is [not null]
                && (await qdrant.RetrieveAsync(route.Alias, [id], ReadShape.Ids, cancellation)).Count == 0
                && (await qdrant.RetrieveAsync(route.Alias, [id], ReadShape.Ids, cancellation)).Count == 0;
        }
        catch (QdrantException)
        {
            return false;
        }
    }

    private static Func<MapField<string, Value>?, MapField<string, Value>?> With(string key, Value value) => state =>
    {
        if (state is not null)
            state[key] = value;
        return state;
    };

    private static Condition Is(string key, int value) => new() { Field = new FieldCondition { Key = key, Match = new Match { Integer = value } } };
}
