using StreamRelay.Conversations;
using StreamRelay.Files;
using StreamRelay.Keys;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Fixtures;

internal sealed class EmbeddedFixture : IStoreFixture
{
    private readonly TemporaryFolder _folder = new();
    private readonly StorageOptions _options;
    private EmbeddedStore _store;

    public EmbeddedFixture(Durability durability)
    {
        _options = _folder.Options(durability, segmentBytes: 4 << 10);
        _store = EmbeddedStore.Open(_options);
    }

    public IEventLog Log => _store.Log;

    public ITaskStore Tasks => _store.Tasks;

    public IFileStore Files => _store.Files;

    public IOutbox Outbox => _store.Outbox;

    public IKeyStore Keys => _store.Keys;

    public IConversationStore Conversations => _store.Conversations;

    public async ValueTask ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = EmbeddedStore.Open(_options);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}
