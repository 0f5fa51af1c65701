using System.Runtime.ExceptionServices;
using StreamRelay.Client.Http;
using StreamRelay.Client.Tasks;

namespace StreamRelay.Client;

/// <content>The files that tasks make.</content>
public sealed partial class StreamRelayClient
{
    private const int BufferBytes = 64 << 10;

    /// <summary>The files that a task has made so far.</summary>
    public async Task<IReadOnlyList<RelayFile>> ListFilesAsync(string taskId, CancellationToken cancellationToken = default) =>
        (await Connection.SendAsync(() => Connection.Create(HttpMethod.Get, $"{TaskPath(taskId)}/files"), ClientJson.Default.RelayPageRelayFile, cancellationToken)).Data;

    /// <summary>Opens a file of a task. The stream throws an <see cref="IOException"/> when its connection is cut and a <see cref="TimeoutException"/> when nothing comes, and never ends early.</summary>
    /// <returns>The content, which is disposed by the caller.</returns>
    public Task<Stream> OpenFileAsync(string taskId, string name, CancellationToken cancellationToken = default) =>
        Connection.RepeatAsync(() => OpenOnceAsync(taskId, name, cancellationToken), cancellationToken);

    /// <summary>Downloads a file of a task, again if its connection is cut. The file at <paramref name="path"/> is whole, or not changed.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="name">The name of the file.</param>
    /// <param name="path">Where to save it; a file that is there is replaced.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    public async Task SaveFileAsync(string taskId, string name, string path, CancellationToken cancellationToken = default)
    {
        var partial = $"{path}.{NewKey()}.part";
        try
        {
            await using (var target = File.Create(partial))
            {
                var failure = await Connection.RepeatAsync(() => DownloadAsync(taskId, name, target, cancellationToken), cancellationToken);
                failure?.Throw();
            }

            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <returns>Why the file could not be written, which no repetition mends; or <see langword="null"/>.</returns>
    private async Task<ExceptionDispatchInfo?> DownloadAsync(string taskId, string name, FileStream target, CancellationToken cancellationToken)
    {
        await using var source = await OpenOnceAsync(taskId, name, cancellationToken);
        var buffer = new byte[BufferBytes];
        target.SetLength(0);
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            try
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException exception)
            {
                return ExceptionDispatchInfo.Capture(exception);
            }
        }

        return null;
    }

    private async Task<Stream> OpenOnceAsync(string taskId, string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var request = Connection.Create(HttpMethod.Get, $"{TaskPath(taskId)}/files/{Uri.EscapeDataString(name)}");
        var answer = await Connection.SendOnceAsync(request, cancellationToken);
        return new WatchedStream(await answer.Content.ReadAsStreamAsync(cancellationToken), Connection.Policy);
    }
}
