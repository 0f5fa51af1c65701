namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The messages that wait for one endpoint: a folder with a file for each, and nothing in memory. Any thread may add; one courier takes.</summary>
/// <param name="endpoint">Whom they are for.</param>
/// <param name="folder">The folder; made with the first message.</param>
/// <param name="sync">Whether a message is forced onto the disk.</param>
internal sealed class WebhookQueue(WebhookEndpoint endpoint, string folder, bool sync)
{
    private const string TemporarySuffix = ".tmp";

    private volatile TaskCompletionSource _signal = NewSignal();

    public WebhookEndpoint Endpoint => endpoint;

    /// <summary>Keeps a message: on return it survives the end of the process. One of the same name is replaced.</summary>
    public void Add(PendingWebhook message, ReadOnlySpan<byte> body)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(message);
        using (var file = new FileStream(path + TemporarySuffix, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.Write(body);
            file.Flush(flushToDisk: sync);
        }

        File.Move(path + TemporarySuffix, path, overwrite: true);
        _signal.TrySetResult();
    }

    /// <summary>The messages that are due first, at most <paramref name="count"/>; also such as are not due yet.</summary>
    public IReadOnlyCollection<PendingWebhook> First(int count)
    {
        SortedSet<PendingWebhook> first = [];
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            if (PendingWebhook.TryParse(Path.GetFileName(path), out var message))
                first.Add(message);
            if (first.Count > count)
                first.Remove(first.Max);
        }

        return first;
    }

    public byte[] Read(PendingWebhook message) => File.ReadAllBytes(PathOf(message));

    public void Replace(PendingWebhook message, PendingWebhook later) => File.Move(PathOf(message), PathOf(later), overwrite: true);

    public void Remove(PendingWebhook message) => File.Delete(PathOf(message));

    /// <summary>From here on, <see cref="WhenAddedAsync"/> hears of every message that is added.</summary>
    public void Listen() => _signal = NewSignal();

    /// <summary>Waits for a message, and no longer than <paramref name="patience"/>.</summary>
    public Task WhenAddedAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) =>
        _signal.Task.WaitAsync(patience, time, cancellationToken);

    /// <summary>Removes what a crash left half-written.</summary>
    public void CleanUp()
    {
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + TemporarySuffix) : [])
            File.Delete(path);
    }

    private string PathOf(PendingWebhook message) => Path.Combine(folder, message.FileName);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
