using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Tasks' own files, open for reading: at most so many, the least recently used closed first.</summary>
internal sealed class HandleCache(IStorageDisk disk, StorageLayout layout, int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, LinkedListNode<(TaskId Task, IStorageFile File)>> _nodes = [];
    private readonly LinkedList<(TaskId Task, IStorageFile File)> _recent = [];

    /// <summary>How many files are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _nodes.Count;
        }
    }

    /// <summary>The task's file. It may be closed at any time: reading then throws <see cref="ObjectDisposedException"/>, and the caller comes here again.</summary>
    public IStorageFile? Get(TaskId task)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(task, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.File;
            }

            if (disk.OpenRead(layout.Events(task)) is not { } file)
                return null;

            _nodes.Add(task, _recent.AddFirst((task, file)));
            if (_nodes.Count > capacity)
                Close(_recent.Last!);
            return file;
        }
    }

    public void Forget(TaskId task)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(task, out var node))
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

    private void Close(LinkedListNode<(TaskId Task, IStorageFile File)> node)
    {
        _recent.Remove(node);
        _nodes.Remove(node.Value.Task);
        node.Value.File.Dispose();
    }
}
