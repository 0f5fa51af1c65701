using StreamRelay.Events;
using StreamRelay.Storage;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols;

/// <summary>A log on disk, closed and opened again.</summary>
internal static class StoredLog
{
    public static async Task<IReadOnlyList<StreamEntry>> WriteAndReadAsync(TaskId task, IReadOnlyList<StreamEntry> entries)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        try
        {
            var options = new StorageOptions { DataPath = folder };
            await using (var store = EmbeddedStore.Open(options))
            {
                await using var writer = await store.Log.OpenAsync(task, 1, CancellationToken.None);
                await writer.AppendAsync(entries.ToArray(), CancellationToken.None);
            }

            await using var reopened = EmbeddedStore.Open(options);
            return (await reopened.Log.ReadAsync(task, 0, int.MaxValue, CancellationToken.None)).ToArray();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
