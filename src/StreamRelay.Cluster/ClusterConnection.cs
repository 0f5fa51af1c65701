using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StreamRelay.Postgres;
using StreamRelay.Redis;
using StreamRelay.Storage;

namespace StreamRelay.Cluster;

/// <summary>Connects the shared stores before any other service starts, so that an error in their options ends the start.</summary>
internal sealed class ClusterConnection(PostgresStore postgres, RedisStore redis, IOptions<StorageOptions> storage, IOptions<RedisStoreOptions> cluster) : IHostedLifecycleService, IDisposable
{
    // The work files of agents' processes in this folder belong to this node alone.
    private readonly DataFolderLock _folder = DataFolderLock.Take(storage.Value.DataPath);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await postgres.ConnectAsync(cancellationToken);
        var id = await postgres.JoinAsync(cluster.Value.Prefix, cancellationToken);
        await redis.ConnectAsync(cancellationToken);
        await redis.JoinAsync(id, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();
}
