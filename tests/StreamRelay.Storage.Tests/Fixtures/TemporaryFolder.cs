namespace StreamRelay.Storage.Fixtures;

/// <summary>A folder that is deleted with this object.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("streamrelay-").FullName;

    public StorageOptions Options(Durability durability = Durability.Process, int segmentBytes = 64 << 20) =>
        new() { DataPath = Path, Durability = durability, SegmentBytes = segmentBytes };

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
