using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StreamRelay.Cluster;
using StreamRelay.Keys;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The keys of the store, in use on this node. They are read at the start, when a node of the cluster has changed one, and every 30 seconds,
/// because the message about a change can be lost.</summary>
internal sealed partial class StoredKeys : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly IKeyStore? _store;
    private readonly KeyRing _keys;
    private readonly KeyUses _uses;
    private readonly TimeProvider _time;
    private readonly INodeSignals? _signals;
    private readonly ILogger<StoredKeys> _logger;
    private readonly SemaphoreSlim _turn = new(1);

    public StoredKeys(KeyRing keys, KeyUses uses, TimeProvider time, ILogger<StoredKeys> logger, IKeyStore? store = null, INodeSignals? signals = null)
    {
        (_store, _keys, _uses, _time, _signals, _logger) = (store, keys, uses, time, signals, logger);
        if (_signals is not null)
            _signals.KeysChanged += (_, _) => _ = TryReadAsync();
    }

    /// <summary>Reads the keys, so that they are in use before the first request.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
            return;

        await ReadAsync(_store, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Stores a new key. On return it is in use on this node, and the others are notified.</summary>
    public Task AddAsync(StoredKey key, CancellationToken cancellationToken) => ChangeAsync(store => store.AddAsync(key, cancellationToken), cancellationToken);

    /// <summary>Lets a key expire. On return that holds on this node, and the others are notified.</summary>
    public Task ExpireAsync(StoredKey key, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        ChangeAsync(store => store.ExpireAsync(key.Hash, expiresAt, cancellationToken), cancellationToken);

    /// <summary>All keys of the store, with the latest uses on this node.</summary>
    public async Task<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken)
    {
        await WriteUsesAsync(cancellationToken);
        return await Store.ListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryReadAsync();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private IKeyStore Store => _store ?? throw new InvalidOperationException("The application has no store for keys; call AddStreamRelay(builder.Configuration).");

    private async Task ChangeAsync(Func<IKeyStore, ValueTask> change, CancellationToken cancellationToken)
    {
        await change(Store);
        await ReadAsync(Store, cancellationToken);
        if (_signals is not null)
            await _signals.AnnounceKeysAsync();
    }

    private async Task TryReadAsync()
    {
        try
        {
            await WriteUsesAsync(CancellationToken.None);
            await ReadAsync(Store, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            NotRead(exception.Message);
        }
    }

    /// <summary>One read at a time, so that an older list never replaces a newer one.</summary>
    private async Task ReadAsync(IKeyStore store, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _keys.Use(await store.ListAsync(cancellationToken));
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WriteUsesAsync(CancellationToken cancellationToken)
    {
        if (_uses.Take() is { Count: > 0 } uses)
            await Store.UseAsync(uses, cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "The stored API keys could not be read; those that were read before stay in force: {Reason}")]
    private partial void NotRead(string reason);
}
