using BenchmarkDotNet.Attributes;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Storage;
using StreamRelay.Tasks;

namespace StreamRelay.Benchmarks.Micro;

/// <summary>A batch that is appended to a durable log, at the level <see cref="Durability.Process"/>.</summary>
public class AppendStepBenchmark
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-bench-").FullName;
    private EmbeddedStore? _store;
    private IEventLogWriter? _writer;
    private StreamEntry[] _batch = [];

    /// <summary>Events of a batch.</summary>
    [Params(1, 100)]
    public int Events { get; set; }

    /// <summary>Opens a store and a log.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _store = EmbeddedStore.Open(new StorageOptions { DataPath = _folder });
        _writer = await _store.Log.OpenAsync(TaskId.New(TimeProvider.System), 1, CancellationToken.None);
        _batch = SampleEvents.Entries(SampleContent.Tokens)[..Events];
    }

    /// <returns>A task that ends when the batch is durable.</returns>
    [Benchmark]
    public async Task AppendAsync()
    {
        var next = _writer!.NextOffset;
        for (var index = 0; index < _batch.Length; index++)
            _batch[index] = new(next + index, DateTimeOffset.UnixEpoch, _batch[index].Event);

        await _writer.AppendAsync(_batch, CancellationToken.None);
    }

    /// <summary>Closes the store and deletes its folder.</summary>
    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _writer!.DisposeAsync();
        await _store!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
