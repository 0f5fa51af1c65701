using StreamRelay.Storage.Disk;

namespace StreamRelay.Storage.Crash;

/// <summary>
/// A disk in memory that knows what was synced. It can crash after any operation and fail single operations. Afterwards
/// it can be turned into the disk that a killed process or a loss of power would have left.
/// </summary>
internal sealed class CrashDisk : IStorageDisk
{
    private readonly Lock _gate = new();
    private Dictionary<string, CrashFolder> _folders = new(StringComparer.Ordinal);

    /// <summary>After this many operations every further one fails.</summary>
    public int OperationsLeft { get; set; } = int.MaxValue;

    /// <summary>Called before each operation; returns whether the operation fails.</summary>
    public Func<bool> Fails { get; set; } = () => false;

    public int Operations { get; private set; }

    public int OpenFiles { get; set; }

    public int MostOpenFiles { get; private set; }

    public IStorageFile OpenWrite(string path) => Do(() =>
    {
        var folder = Folder(path);
        var name = Path.GetFileName(path);
        if (!folder.Current.TryGetValue(name, out var node))
            folder.Change(new(name, null, node = new()));
        return Opened(node);
    }, fails: !Exists(path));

    public IStorageFile? OpenRead(string path)
    {
        lock (_gate)
            return Exists(path) ? Opened(_folders[Path.GetDirectoryName(path)!].Current[Path.GetFileName(path)]) : null;
    }

    public void Rename(string from, string to) => Do(() =>
    {
        var node = Folder(from).Current[Path.GetFileName(from)];
        Folder(from).Change(new(Path.GetFileName(to), Path.GetFileName(from), node));
        return true;
    });

    public void Delete(string path) => Do(() =>
    {
        if (Exists(path))
            Folder(path).Change(new(Path.GetFileName(path), null, null));
        return true;
    }, fails: Exists(path));

    public void CreateFolder(string path)
    {
        lock (_gate)
        {
            for (var folder = path; !string.IsNullOrEmpty(folder) && !_folders.ContainsKey(folder); folder = Path.GetDirectoryName(folder))
                _folders.Add(folder, new());
        }
    }

    public bool DeleteFolder(string path)
    {
        foreach (var name in Folders(path))
            DeleteFolder(Path.Combine(path, name));
        foreach (var name in Files(path))
            Delete(Path.Combine(path, name));
        lock (_gate)
            return _folders.Remove(path);
    }

    public void SyncFolder(string path) => Do(() =>
    {
        if (_folders.TryGetValue(path, out var folder))
            folder.Sync();
        return true;
    });

    public IReadOnlyList<string> Files(string folder)
    {
        lock (_gate)
            return _folders.TryGetValue(folder, out var found) ? [.. found.Current.Keys] : [];
    }

    /// <summary>The disk after the process was killed: every write that the operating system accepted.</summary>
    public void Kill() => Revive(random: null);

    /// <summary>The disk after a loss of power: everything synced, and any part of the rest.</summary>
    public void CutPower(Random random) => Revive(random);

    /// <summary>Whether the operation that just failed is the one during which the crash happened.</summary>
    public bool BreathesLast()
    {
        lock (_gate)
        {
            var last = OperationsLeft == 0;
            OperationsLeft = Math.Min(OperationsLeft, -1);
            return last;
        }
    }

    /// <summary>Counts an operation, and throws when that operation must fail.</summary>
    public T Do<T>(Func<T> operation, bool fails = true)
    {
        lock (_gate)
        {
            Operations++;
            if (OperationsLeft <= 0)
                throw new IOException("The world has ended.");
            OperationsLeft--;
            if (fails && Fails())
                throw new IOException("The disk failed.");
            return operation();
        }
    }

    private void Revive(Random? random)
    {
        lock (_gate)
        {
            var seen = new Dictionary<CrashNode, CrashNode>();
            var folders = new Dictionary<string, CrashFolder>(StringComparer.Ordinal);
            foreach (var (path, folder) in _folders)
                folders.Add(path, folder.Survive(random, seen));
            _folders = folders;
            OperationsLeft = int.MaxValue;
            OpenFiles = 0;
            Fails = () => false;
        }
    }

    private CrashFile Opened(CrashNode node)
    {
        OpenFiles++;
        MostOpenFiles = Math.Max(MostOpenFiles, OpenFiles);
        return new(this, node);
    }

    private bool Exists(string path)
    {
        lock (_gate)
            return _folders.TryGetValue(Path.GetDirectoryName(path)!, out var folder) && folder.Current.ContainsKey(Path.GetFileName(path));
    }

    private CrashFolder Folder(string path) =>
        _folders.TryGetValue(Path.GetDirectoryName(path)!, out var folder) ? folder : throw new DirectoryNotFoundException(path);

    private IReadOnlyList<string> Folders(string folder)
    {
        lock (_gate)
            return [.. _folders.Keys.Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path))];
    }
}
