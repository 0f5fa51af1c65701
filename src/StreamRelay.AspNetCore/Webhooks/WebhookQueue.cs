namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>The messages for one endpoint: a folder with a file for each message, and nothing in memory. Any thread may add; one dispatcher reads and removes.</summary>
/// <param name="endpoint">The endpoint.</param>
/// <param name="folder">The folder; it is created with the first message.</param>
/// <param name="sync">Whether a message is flushed to the disk.</param>
internal sealed class WebhookQueue(WebhookEndpoint endpoint, string folder, bool sync)
{
    private const string TemporarySuffix = ".tmp";

    private volatile TaskCompletionSource _signal = NewSignal();

    public WebhookEndpoint Endpoint => endpoint;

    /// <summary>Adds a message. After the call it survives the end of the process. A message of the same name is replaced.</summary>
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

    /// <summary>At most <paramref name="count"/> messages, those that are due first; some of them may not be due yet.</summary>
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

    /// <summary>After the call, <see cref="WhenAddedAsync"/> completes with the next message that is added.</summary>
    public void ResetSignal() => _signal = NewSignal();

    /// <summary>Completes when a message is added.</summary>
    /// <exception cref="TimeoutException">None was added within <paramref name="timeout"/>.</exception>
    public Task WhenAddedAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken) =>
        _signal.Task.WaitAsync(timeout, time, cancellationToken);

    /// <summary>Removes the temporary files that a crash left.</summary>
    public void CleanUp()
    {
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + TemporarySuffix) : [])
            File.Delete(path);
    }

    private string PathOf(PendingWebhook message) => Path.Combine(folder, message.FileName);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
