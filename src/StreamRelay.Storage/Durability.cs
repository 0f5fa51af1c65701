namespace StreamRelay.Storage;

/// <summary>The failures that an acknowledged append survives.</summary>
public enum Durability
{
    /// <summary>A crash of the process: bytes are passed to the operating system before an append is acknowledged or visible to readers.</summary>
    Process,

    /// <summary>A power failure: bytes are flushed to the disk before an append is acknowledged or visible to readers.</summary>
    Disk,
}
