using Microsoft.Extensions.Options;
using StreamRelay.Cluster;
using StreamRelay.Storage;

namespace StreamRelay.Server.Logging;

/// <summary>The server's own log entries at start.</summary>
internal static partial class StartupLog
{
    /// <summary>Logs where tasks and files are kept.</summary>
    public static void LogDataPath(this WebApplication app)
    {
        var folder = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.DataPath;
        if (app.Services.GetService<IWorkQueue>() is { } cluster)
            app.Logger.ClusterNode(cluster.Node, folder);
        else
            app.Logger.DataFolder(folder);
    }

    [LoggerMessage(1, LogLevel.Information, "Tasks and files are kept in {DataPath}")]
    private static partial void DataFolder(this ILogger logger, string dataPath);

    [LoggerMessage(2, LogLevel.Information, "Node {Node} of a cluster: tasks and files are kept in PostgreSQL, logs in Redis, and work files in {Folder}")]
    private static partial void ClusterNode(this ILogger logger, string node, string folder);
}
