using StreamRelay.Storage.Disk;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Journal;

/// <summary>Keeps at most <paramref name="capacity"/> of the tasks' own files open for reading, and closes the least recently used one first.</summary>
internal sealed class HandleCache(IStorageDisk disk, StorageLayout layout, int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TaskId, LinkedListNode<(TaskId Task, IStorageFile File)>> _nodes = [];
    private readonly LinkedList<(TaskId Task, IStorageFile File)> _recent = [];

    /// <summary>The number of open files.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _nodes.Count;
        }
    }

    /// <summary>Returns the file of a task, and opens it if it is not open. The cache may close the file at any time; a read then throws <see cref="ObjectDisposedException"/>, and the caller gets the file again.</summary>
    /// <returns><see langword="null"/> when the task has no file.</returns>
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

    /// <summary>Closes the file of a task, if it is open.</summary>
    public void Remove(TaskId task)
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
