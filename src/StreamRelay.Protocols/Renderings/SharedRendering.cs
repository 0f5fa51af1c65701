namespace StreamRelay.Protocols.Sse;

/// <summary>A rendering and how many read it. It is closed only while nobody does, and takes nobody in afterwards.</summary>
internal sealed class SharedRendering(Rendering rendering)
{
    private readonly Lock _lock = new();
    private int _readers;
    private bool _closed;

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

    /// <summary>Counts a reader out.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Leave()
    {
        lock (_lock)
            return --_readers == 0;
    }

    /// <summary>Frees the rendering unless somebody reads it.</summary>
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
