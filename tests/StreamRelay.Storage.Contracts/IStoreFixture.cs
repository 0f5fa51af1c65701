using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

/// <summary>A store that the contract tests run against.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    IEventLog Log { get; }

    ITaskStore Tasks { get; }

    IFileStore Files { get; }

    /// <summary>Closes the store and opens it again. A store in memory stays open.</summary>
    ValueTask ReopenAsync();
}
