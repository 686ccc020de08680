using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>
/// The limits of a collection's strict mode. A limit that this server does not enforce is refused when it is switched on, rather than
/// ignored. Messages are Qdrant's.
/// </summary>
internal sealed class StrictMode
{
    private readonly StrictModeConfig? _config;
    private readonly TimeProvider _clock;
    private readonly RateLimit? _reads;
    private readonly RateLimit? _writes;

    public StrictMode(StrictModeConfig? config, TimeProvider clock)
    {
        _clock = clock;
        _config = config is { Enabled: true } ? config : null;
        _reads = _config is { HasReadRateLimit: true } ? new RateLimit("Read", _config.ReadRateLimit, clock) : null;
        _writes = _config is { HasWriteRateLimit: true } ? new RateLimit("Write", _config.WriteRateLimit, clock) : null;
    }

    public static void RefuseUnsupported(StrictModeConfig? config)
    {
        if (config is not { Enabled: true }) return;
        string[] unsupported =
        [
            .. Named(config is { HasUnindexedFilteringRetrieve: true, UnindexedFilteringRetrieve: false }, "unindexed_filtering_retrieve"),
            .. Named(config is { HasUnindexedFilteringUpdate: true, UnindexedFilteringUpdate: false }, "unindexed_filtering_update"),
            .. Named(config.HasMaxCollectionVectorSizeBytes, "max_collection_vector_size_bytes"),
            .. Named(config.HasMaxCollectionPayloadSizeBytes, "max_collection_payload_size_bytes"),
            .. Named(config.HasMaxResidentMemoryPercent, "max_resident_memory_percent"),
            .. Named(config.HasMaxPayloadIndexCount, "max_payload_index_count"),
            .. Named(config.HasSearchMaxOversampling, "search_max_oversampling"),
        ];
        if (unsupported.Length > 0) throw Refusal.Unsupported($"strict mode's {string.Join(", ", unsupported)}");
    }

    /// <summary>The limits after a change of configuration; unchanged ones keep the state of their rate limits.</summary>
    public StrictMode With(StrictModeConfig? config) =>
        Equals(config is { Enabled: true } ? config : null, _config) ? this : new StrictMode(config, _clock);

    public void CheckUpsert(int count, int stored, string limit = "upsert limit")
    {
        if (_config is null) return;
        if (_config.HasUpsertMaxBatchsize) CheckLimit((ulong)count, _config.UpsertMaxBatchsize, limit);
        if (_config.HasMaxPointsCount && (ulong)stored >= _config.MaxPointsCount)
            throw Refusal.BadRequest($"Max points count limit of {_config.MaxPointsCount} reached!");
    }

    public void CheckWrite(Filter? filter, ulong? timeout)
    {
        if (_config is null) return;
        CheckFilter(filter);
        CheckTimeout(timeout);
        _writes?.Take();
    }

    public void CheckRead(Filter? filter, ulong? limit, ulong? timeout)
    {
        if (_config is null) return;
        if (limit is { } asked && _config.HasMaxQueryLimit) CheckLimit(asked, _config.MaxQueryLimit, "limit");
        CheckFilter(filter);
        CheckTimeout(timeout);
        _reads?.Take();
    }

    public void CheckSearch(SearchParams? parameters)
    {
        if (_config is null || parameters is null) return;
        if (parameters.Exact && _config is { HasSearchAllowExact: true, SearchAllowExact: false })
            throw Refusal.Strict("Exact search disabled!", "Set exact=false.");
        if (parameters.HasHnswEf && _config.HasSearchMaxHnswEf) CheckLimit(parameters.HnswEf, _config.SearchMaxHnswEf, "hnsw_ef");
    }

    public void CheckBatch(int queries)
    {
        if (_config is { HasSearchMaxBatchsize: true }) CheckLimit((ulong)queries, _config.SearchMaxBatchsize, "search batch size");
    }

    private static IEnumerable<string> Named(bool present, string name) => present ? [name] : [];

    private static void CheckLimit(ulong value, ulong limit, string name)
    {
        if (value > limit)
            throw Refusal.Strict($"Limit exceeded {value} > {limit} for \"{name}\"", $"Reduce the \"{name}\" parameter to or below {limit}.");
    }

    private void CheckTimeout(ulong? timeout)
    {
        if (timeout is { } seconds && _config!.HasMaxTimeout) CheckLimit(seconds, _config.MaxTimeout, "timeout");
    }

    private void CheckFilter(Filter? filter)
    {
        if (filter is null) return;
        var size = FilterSize.Of(filter);
        if (_config!.HasFilterMaxConditions && size.Conditions > _config.FilterMaxConditions)
            throw Refusal.Strict(
                $"Filter condition limit reached ({size.Conditions} > {_config.FilterMaxConditions})", "Reduce the amount of conditions of your filter.");
        if (_config.HasConditionMaxSize && size.LargestCondition > _config.ConditionMaxSize)
            throw Refusal.Strict($"Condition size limit reached ({size.LargestCondition} > {_config.ConditionMaxSize})", "Reduce the size of your condition.");
    }
}
