using DriftGuard.Chaos.Tests.Processes;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Testing.Models;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Chaos.Tests.Oracle;

/// <summary>An oracle that finds nothing anywhere would prove everything.</summary>
public sealed class OracleTests : IAsyncLifetime
{
    private const string Collection = "docs";
    private const string Fingerprint = "0123456789abcdef";

    private static readonly IReadOnlyDictionary<string, WordModel> Models = new Dictionary<string, WordModel>(StringComparer.Ordinal) { ["model"] = new("model", 32) };

    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-oracle-").FullName;
    private readonly WriteLog _log = new();
    private readonly Findings _findings = new();
    private QdrantProcess _process = null!;
    private QdrantStore _qdrant = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _process = await QdrantProcess.StartAsync(_folder);
        _qdrant = new(new() { Address = _process.Address });
        await _qdrant.CreateCollectionAsync(Collection, new()
        {
            Vectors = new Dictionary<string, VectorSchema>(StringComparer.Ordinal) { [""] = new(Models["model"].Dimensions, Distance.Cosine) },
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [IndexMetadata.Model] = "model", [IndexMetadata.Fingerprint] = Fingerprint },
        }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _qdrant.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_as_it_was_acknowledged_is_no_finding()
    {
        await WriteAsync(1, "a text", "a note");
        await WriteAsync(2, "another text", "a note");
        Acknowledge(3, null, null);

        (await CompareAsync()).ShouldBe(2);
        _findings.Count.ShouldBe(0, _findings.ToString());
    }

    [Fact]
    public async Task Each_kind_of_difference_is_found_once()
    {
        await WriteAsync(1, "a text that is lost", "a note");
        await _qdrant.DeleteAsync(Collection, PointSelection.Of(PointId.FromNumber(1)), Cancellation);
        await WriteAsync(2, "a text that comes back", "a note");
        Acknowledge(2, null, null);
        await PutAsync(3, "a text that nobody wrote", "a note");
        await WriteAsync(4, "a text before an edit", "a note");
        Acknowledge(4, "a text after an edit", "a note");
        await WriteAsync(5, "a text with a payload", "a note before an edit");
        Acknowledge(5, "a text with a payload", "a note after an edit");
        await WriteAsync(6, "a text with a vector", "a note", vectorOf: "a vector before an edit");
        await WriteAsync(7, "a text with a stamp", "a note", stampOf: "of another model");

        await CompareAsync();

        foreach (var kind in new[] { Finding.Lost, Finding.Resurrected, Finding.Invented, Finding.StaleText, Finding.StalePayload, Finding.StaleVector, Finding.WrongStamp })
            _findings.Of(kind).ShouldBe(1, _findings.ToString());
        _findings.Count.ShouldBe(7, _findings.ToString());
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_may_have_happened_or_not()
    {
        await WriteAsync(1, "a text before", "a note");
        _log.Add(PointId.FromNumber(1), "edit", acknowledged: false, _ => Payload("a text after", "a note"));

        await CompareAsync();
        await PutAsync(1, "a text after", "a note");
        await CompareAsync();
        _findings.Count.ShouldBe(0, _findings.ToString());

        await PutAsync(1, "a text that was neither", "a note");
        await CompareAsync();
        _findings.Of(Finding.StaleText).ShouldBe(1, _findings.ToString());
    }

    private Task<int> CompareAsync() => Comparison.RunAsync(_qdrant, Collection, _log, Models, _findings, Cancellation);

    private async Task WriteAsync(ulong id, string text, string note, string? vectorOf = null, string? stampOf = null)
    {
        Acknowledge(id, text, note);
        await PutAsync(id, text, note, vectorOf, stampOf);
    }

    private void Acknowledge(ulong id, string? text, string? note) => _log.Add(PointId.FromNumber(id), "write", true, _ => text is null ? null : Payload(text, note!));

    private async Task PutAsync(ulong id, string text, string note, string? vectorOf = null, string? stampOf = null)
    {
        var point = WireForms.NewPoint(PointId.FromNumber(id), Models["model"].VectorOf(vectorOf ?? text));
        point.Payload.Add(Payload(text, note));
        StampPayload.Write(point.Payload, new Stamp(stampOf ?? Fingerprint, "", "", "", Revision.Of(1)));
        await _qdrant.UpsertAsync(Collection, [point], null, Cancellation);
    }

    private static MapField<string, Value> Payload(string text, string note) => new() { ["text"] = new() { StringValue = text }, ["note"] = new() { StringValue = note } };
}
