namespace StreamRelay.Storage;

/// <summary>What an acknowledged append survives.</summary>
public enum Durability
{
    /// <summary>The death of the process: bytes are handed to the operating system before they are acknowledged or shown.</summary>
    Process,

    /// <summary>The loss of power: bytes are forced onto the disk before they are acknowledged or shown.</summary>
    Disk,
}
