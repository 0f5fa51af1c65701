using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Storage.Memory;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Fixtures;

internal sealed class MemoryFixture : IStoreFixture
{
    public IEventLog Log { get; } = new MemoryEventLog();

    public ITaskStore Tasks { get; } = new MemoryTaskStore();

    public IFileStore Files { get; } = new MemoryFileStore(TimeProvider.System);

    public ValueTask ReopenAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
