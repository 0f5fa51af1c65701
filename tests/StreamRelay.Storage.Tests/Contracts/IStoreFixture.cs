using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Tests;

/// <summary>A store under contract.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    IEventLog Log { get; }

    ITaskStore Tasks { get; }

    IFileStore Files { get; }

    /// <summary>Ends the store and starts it again, where it can be.</summary>
    ValueTask ReopenAsync();
}
