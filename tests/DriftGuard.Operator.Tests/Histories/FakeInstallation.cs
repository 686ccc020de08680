using System.Globalization;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Worker;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Operator.Tests.Histories;

/// <summary>
/// An installation of its own: indexes, rollouts that go through their phases, requests that are taken up later, and answers that are kept under their keys. It
/// refuses what the real one refuses.
/// </summary>
internal sealed class FakeInstallation : IInstallation
{
    public const string Set = "labels";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Key, Exception? Refusal)> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IndexView> _indexes = new(StringComparer.Ordinal);
    private readonly List<Rollout> _rollouts = [];
    private readonly Dictionary<string, List<RequestKind>> _requests = new(StringComparer.Ordinal);

    /// <summary>Models by their fingerprints.</summary>
    public Dictionary<string, string> Models { get; } = new(StringComparer.Ordinal) { ["alpha"] = Print('a'), ["beta"] = Print('b'), ["gamma"] = Print('c') };

    /// <summary>Fails before a call, or after it is done.</summary>
    public Action<string> Fault { get; set; } = _ => { };

    /// <summary>What was done, in its order.</summary>
    public List<string> Acts { get; } = [];

    public IReadOnlyList<Rollout> Rollouts
    {
        get
        {
            lock (_lock)
            {
                return [.. _rollouts];
            }
        }
    }

    public DriftVerdict Verdict { get; set; } = DriftVerdict.None;

    public static string Print(char letter) => new(letter, 64);

    public Task<ModelView?> ModelAsync(string name, CancellationToken cancellation) => ReadAsync(() => Models.TryGetValue(name, out var fingerprint)
        ? new ModelView(name, name, "onnx", null, 8, null, null, 128, fingerprint, default, "", [])
        : null);

    public Task<CalibrationSetView?> SetAsync(string name, CancellationToken cancellation) => ReadAsync(() => name == Set ? new CalibrationSetView(name, null, 100, 80, 500, 0, [], null) : null);

    public Task<IndexView?> IndexAsync(string name, CancellationToken cancellation) => ReadAsync(() => _indexes.GetValueOrDefault(name));

    public Task<IReadOnlyList<Rollout>> RolloutsAsync(string index, CancellationToken cancellation) =>
        ReadAsync<IReadOnlyList<Rollout>>(() => [.. _rollouts.Where(rollout => rollout.Index == index)]);

    public Task<RolloutView> RolloutAsync(string id, CancellationToken cancellation) =>
        ReadAsync(() => new RolloutView(Find(id), 10, 1, 100, new(), null, new(0, 0, 0, 0, 0, null, null), [], null, null));

    public IndexView? Index(string name)
    {
        lock (_lock)
        {
            return _indexes.GetValueOrDefault(name);
        }
    }

    public Task<DriftReport?> ActAsync(OperatorAction action, CancellationToken cancellation)
    {
        Fault("before");
        DriftReport? report = null;
        lock (_lock)
        {
            action.Key.ShouldNotBeNullOrEmpty();
            if (_kept.TryGetValue(action.Key, out var known) && action is not OperatorAction.CheckDrift)
            {
                known.Key.ShouldBe(action.Name, "a key belongs to one request");
                if (known.Refusal is { } kept)
                {
                    throw kept;
                }
            }
            else
            {
                try
                {
                    report = Do(action);
                    _kept[action.Key] = (action.Name, null);
                }
                catch (OperatorException refusal)
                {
                    _kept[action.Key] = (action.Name, refusal);
                    throw;
                }
            }
        }

        Fault("after");
        return Task.FromResult(report);
    }

    /// <summary>A day goes by: what was answered is not known any more.</summary>
    public void ForgetKeys()
    {
        lock (_lock)
        {
            _kept.Clear();
        }
    }

    /// <summary>Somebody acts past the operator; whether it was taken.</summary>
    public bool Past(OperatorAction action)
    {
        lock (_lock)
        {
            try
            {
                Do(action);
                return true;
            }
            catch (OperatorException)
            {
                return false;
            }
        }
    }

    /// <summary>Every rollout goes one step.</summary>
    public bool Step()
    {
        lock (_lock)
        {
            var moved = false;
            for (var i = 0; i < _rollouts.Count; i++)
            {
                var next = Next(_rollouts[i]);
                moved |= next != _rollouts[i];
                _rollouts[i] = next;
            }

            return moved;
        }
    }

    private DriftReport? Do(OperatorAction action)
    {
        switch (action)
        {
            case OperatorAction.CreateIndex(var request):
                Require(!_indexes.ContainsKey(request.Name), OperatorError.Conflict, "the index exists");
                _indexes[request.Name] = Serve(request.Name, request.Collection ?? $"{request.Name}-1", request.Model!, 1, request.CalibrationSet);
                break;
            case OperatorAction.SetCalibrationSet(var index, var set):
                _indexes[index] = Known(index) with { CalibrationSet = set };
                break;
            case OperatorAction.DeleteIndex(var index):
                Known(index);
                Require(_rollouts.TrueForAll(rollout => rollout.Index != index || rollout.EndedAt is not null), OperatorError.Conflict, "a rollout has not ended");
                _indexes.Remove(index);
                break;
            case OperatorAction.StartRollout(var index, var request):
                Start(index, request);
                break;
            case OperatorAction.AskRollout(var id, var kind, _):
                Ask(Find(id), kind);
                break;
            case OperatorAction.CheckDrift(var index, _, _):
                Acts.Add($"check {index}");
                return Report(index);
            default:
                throw new InvalidOperationException(action.Name);
        }

        Acts.Add(action.Name);
        return null;
    }

    private void Start(string name, StartRequest request)
    {
        var index = Known(name);
        if (request.Reference is not null && _rollouts.Exists(rollout => rollout.Reference == request.Reference))
        {
            return;
        }

        Require(_rollouts.TrueForAll(rollout => rollout.Index != name || rollout.EndedAt is not null), OperatorError.Conflict, "a rollout has not ended");
        Require(Models.TryGetValue(request.To, out var fingerprint), OperatorError.NotFound, "no such model");
        Require(fingerprint != index.Fingerprint, OperatorError.Invalid, "the index is served by this model");
        var number = _rollouts.Count(rollout => rollout.Index == name) + 1;
        _rollouts.Add(new()
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{name}-r{number}"),
            Index = name,
            FromModel = index.Model!,
            FromFingerprint = index.Fingerprint!,
            ToModel = request.To,
            ToFingerprint = fingerprint!,
            Blue = index.Collection!,
            Green = string.Create(CultureInfo.InvariantCulture, $"{name}-g{number}"),
            CalibrationSet = Set,
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpectedToken = EpochToken.First(name),
            Reference = request.Reference,
            Settings = new() { RequireApproval = request.RequireApproval && !request.Approved },
            Message = $"to {request.To}",
        });
    }

    private void Ask(Rollout rollout, RequestKind kind)
    {
        var cutOver = rollout.Serving == Side.Green;
        Require(kind switch
        {
            RequestKind.Rollback => cutOver && rollout.RetiredAt is null && _rollouts.FindLast(other => other.Index == rollout.Index && other.Phase is not (RolloutPhase.Aborted or RolloutPhase.Failed)) == rollout,
            RequestKind.Approve => rollout.Phase == RolloutPhase.AwaitingApproval,
            RequestKind.Promote => rollout.Phase == RolloutPhase.Soaking,
            RequestKind.Pause or RequestKind.Abort => !cutOver && rollout.EndedAt is null,
            _ => rollout.EndedAt is null,
        }, OperatorError.Conflict, $"{kind} makes no sense in {rollout.Phase}");
        (_requests.TryGetValue(rollout.Id, out var asked) ? asked : _requests[rollout.Id] = []).Add(kind);
    }

    private Rollout Next(Rollout rollout)
    {
        if (_requests.TryGetValue(rollout.Id, out var asked) && asked is [var kind, ..])
        {
            asked.RemoveAt(0);
            return Taken(rollout with { RequestsSeen = rollout.RequestsSeen + 1 }, kind);
        }

        return rollout.Phase switch
        {
            RolloutPhase.Planned => rollout with { Phase = RolloutPhase.Copying },
            RolloutPhase.Copying => rollout.Settings.RequireApproval ? rollout with { Phase = RolloutPhase.AwaitingApproval, Reason = RolloutReason.ApprovalRequired } : rollout with { Phase = RolloutPhase.CuttingOver },
            RolloutPhase.CuttingOver => Switch(rollout, Side.Green) with { Phase = RolloutPhase.Soaking, Reason = RolloutReason.Watching },
            RolloutPhase.Soaking => rollout with { Phase = RolloutPhase.Completed, EndedAt = DateTimeOffset.UnixEpoch },
            RolloutPhase.RollingBack => Switch(rollout, Side.Blue) with { Phase = RolloutPhase.RolledBack, EndedAt = DateTimeOffset.UnixEpoch },
            _ => rollout,
        };
    }

    private static Rollout Taken(Rollout rollout, RequestKind kind) => (kind, rollout) switch
    {
        (RequestKind.Rollback, { Serving: Side.Green }) => rollout with { Phase = RolloutPhase.RollingBack, EndedAt = null },
        (_, { EndedAt: not null }) => rollout,
        (RequestKind.Approve, { Phase: RolloutPhase.AwaitingApproval }) => rollout with { Phase = RolloutPhase.CuttingOver },
        (RequestKind.Promote, { Phase: RolloutPhase.Soaking }) => rollout with { Phase = RolloutPhase.Completed, EndedAt = DateTimeOffset.UnixEpoch },
        (RequestKind.Pause, { Serving: Side.Blue, Phase: not RolloutPhase.Paused }) => rollout with { Phase = RolloutPhase.Paused, Reason = RolloutReason.PauseRequested },
        (RequestKind.Resume, { Phase: RolloutPhase.Paused }) => rollout with { Phase = RolloutPhase.Copying, Reason = RolloutReason.Progressing },
        (RequestKind.Abort, { Serving: Side.Blue }) => rollout with { Phase = RolloutPhase.Aborted, EndedAt = DateTimeOffset.UnixEpoch },
        _ => rollout,
    };

    private Rollout Switch(Rollout rollout, Side to)
    {
        var side = rollout.Of(to);
        _indexes[rollout.Index] = Serve(rollout.Index, side.Collection, side.Model, (Known(rollout.Index).Epoch ?? 0) + 1, Known(rollout.Index).CalibrationSet, side.Fingerprint);
        return rollout with { Serving = to };
    }

    private IndexView Serve(string name, string collection, string model, long epoch, string? set, string? fingerprint = null) =>
        new(name, collection, model, fingerprint ?? (Models.TryGetValue(model, out var print) ? print : throw new OperatorException(OperatorError.NotFound, "no such model")), epoch, 10, "Green", "text", null, "payload", "", set, null, []);

    private DriftReport Report(string index) => new()
    {
        Id = "report-1",
        Index = index,
        At = DateTimeOffset.UnixEpoch,
        Trigger = "requested",
        Detectors = [new() { Detector = Detector.Model, Verdict = Verdict, Reason = "r", Sentence = "m" }],
        Diagnosis = new() { Cause = default, Certainty = default, WhatHappened = "Nothing has drifted.", SinceWhen = "", WhatToDo = "Nothing." },
        Seed = 1,
        Milliseconds = 1,
    };

    private IndexView Known(string name) => _indexes.GetValueOrDefault(name) ?? throw new OperatorException(OperatorError.NotFound, $"there is no index '{name}'");

    private Rollout Find(string id) => _rollouts.Find(rollout => rollout.Id == id) ?? throw new OperatorException(OperatorError.NotFound, $"there is no rollout '{id}'");

    private Task<T> ReadAsync<T>(Func<T> read)
    {
        Fault("before");
        lock (_lock)
        {
            return Task.FromResult(read());
        }
    }

    private static void Require(bool holds, OperatorError error, string message)
    {
        if (!holds)
        {
            throw new OperatorException(error, message);
        }
    }
}
