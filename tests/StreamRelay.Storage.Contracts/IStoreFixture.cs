using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Keys;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

/// <summary>A store that the contract tests run against.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    IEventLog Log { get; }

    ITaskStore Tasks { get; }

    IFileStore Files { get; }

    /// <summary>The messages about the ends of tasks, where the store keeps them.</summary>
    IOutbox Outbox => throw new NotSupportedException("This store keeps no messages.");

    /// <summary>The API keys, where the store keeps them.</summary>
    IKeyStore Keys => throw new NotSupportedException("This store keeps no keys.");

    /// <summary>The conversations that clients create, where the store keeps them.</summary>
    IConversationStore Conversations => throw new NotSupportedException("This store keeps no conversations.");

    /// <summary>Closes the store and opens it again. A store in memory stays open.</summary>
    ValueTask ReopenAsync();
}
