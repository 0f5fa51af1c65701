namespace StreamRelay.Protocols.Renderings;

/// <summary>The readers of one rendering, and those among them that have written every frame so far. Used in the rendering's turns only.</summary>
internal sealed class RenderingReaders
{
    private readonly HashSet<RenderingReader> _all = [];
    private List<RenderingReader> _waiting = [];
    private List<RenderingReader> _resumed = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _all.Count == 0;

    /// <summary>Whether some reader waits for more frames.</summary>
    public bool AnyWaiting => _waiting.Count > 0;

    /// <returns>Whether the reader is new.</returns>
    public bool Add(RenderingReader reader) => _all.Add(reader);

    public void Remove(RenderingReader reader) => _all.Remove(reader);

    /// <summary>The reader waits for more frames.</summary>
    public void Wait(RenderingReader reader)
    {
        reader.IsWaiting = true;
        _waiting.Add(reader);
    }

    /// <summary>The reader does not wait any more.</summary>
    public void StopWaiting(RenderingReader reader)
    {
        if (reader.IsWaiting)
            _waiting.Remove(reader);

        reader.IsWaiting = false;
    }

    /// <summary>Passes every waiting reader to <paramref name="serve"/>, which may let it wait again.</summary>
    public void ResumeWaiting(Action<RenderingReader> serve)
    {
        (_waiting, _resumed) = (_resumed, _waiting);
        foreach (var reader in _resumed)
        {
            reader.IsWaiting = false;
            serve(reader);
        }

        _resumed.Clear();
    }

    /// <summary>Cuts the readers whose client takes nothing.</summary>
    public void CutStalled(TimeSpan stallTimeout)
    {
        foreach (var reader in _all)
        {
            if (reader.IsWriting && reader.Silence >= stallTimeout)
                reader.Stall();
        }
    }

    /// <summary>Passes the waiting readers that are due a heartbeat to <paramref name="write"/>; they do not wait any more.</summary>
    public void TakeQuiet(TimeSpan quietTime, Action<RenderingReader> write)
    {
        for (var index = _waiting.Count - 1; index >= 0; index--)
        {
            var reader = _waiting[index];
            if (reader.IsInsideFrame || reader.Silence < quietTime)
                continue;

            _waiting.RemoveAt(index);
            reader.IsWaiting = false;
            write(reader);
        }
    }
}
