using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Journal;

/// <summary>Keeps at most <paramref name="capacity"/> sealed segments open for reading, and closes the least recently used one first.</summary>
internal sealed class HandleCache(IStorageDisk disk, StorageLayout layout, int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, LinkedListNode<(long Sequence, IStorageFile File)>> _nodes = [];
    private readonly LinkedList<(long Sequence, IStorageFile File)> _recent = [];

    /// <summary>The number of open files.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _nodes.Count;
        }
    }

    /// <summary>Returns a sealed segment, and opens it if it is not open. The cache may close the file at any time; a read then throws <see cref="ObjectDisposedException"/>, and the caller gets the file again.</summary>
    /// <returns><see langword="null"/> when the file does not exist.</returns>
    public IStorageFile? Get(long sequence)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(sequence, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.File;
            }

            if (disk.OpenRead(layout.SealedSegment(sequence)) is not { } file)
                return null;

            _nodes.Add(sequence, _recent.AddFirst((sequence, file)));
            if (_nodes.Count > capacity)
                Close(_recent.Last!);
            return file;
        }
    }

    /// <summary>Closes a sealed segment, if it is open.</summary>
    public void Remove(long sequence)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(sequence, out var node))
                Close(node);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_recent.First is { } node)
                Close(node);
        }
    }

    private void Close(LinkedListNode<(long Sequence, IStorageFile File)> node)
    {
        _recent.Remove(node);
        _nodes.Remove(node.Value.Sequence);
        node.Value.File.Dispose();
    }
}
