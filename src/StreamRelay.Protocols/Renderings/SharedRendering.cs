namespace StreamRelay.Protocols.Renderings;

/// <summary>A rendering and the number of its readers. It is closed only while there are none, and accepts no reader afterwards.</summary>
internal sealed class SharedRendering(Rendering rendering, bool isOfRunningTask)
{
    private readonly Lock _lock = new();
    private int _readers;
    private bool _closed;

    /// <summary>Whether the task ran on this node when its first reader came.</summary>
    public bool IsOfRunningTask => isOfRunningTask;

    /// <summary>Encoded bytes held now.</summary>
    public long Bytes => rendering.Bytes;

    /// <summary>Drops the frames before a window of the newest ones, soon.</summary>
    /// <returns>The bytes that are freed.</returns>
    public long Shrink(int window) => rendering.Shrink(window);

    /// <returns><see langword="false"/> when the rendering is closed.</returns>
    public bool TryEnter(RenderingReader reader)
    {
        lock (_lock)
        {
            if (_closed)
                return false;

            _readers++;
        }

        reader.Owner = rendering;
        rendering.Enqueue(reader);
        return true;
    }

    /// <summary>Removes a reader from the number.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Leave()
    {
        lock (_lock)
            return --_readers == 0;
    }

    /// <summary>Closes the rendering unless it has readers.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_readers > 0 || _closed)
                return false;

            _closed = true;
        }

        rendering.Close();
        return true;
    }
}
