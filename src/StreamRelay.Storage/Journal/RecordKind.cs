namespace StreamRelay.Storage.Journal;

/// <summary>What a record says. The numbers are stored and are never renumbered.</summary>
internal enum RecordKind : byte
{
    /// <summary>Entries of a task.</summary>
    Entries = 1,

    /// <summary>A writer of this epoch opened the task's log.</summary>
    Epoch = 2,

    /// <summary>The task's log is deleted.</summary>
    LogDeleted = 3,

    /// <summary>The task is deleted with all that belongs to it.</summary>
    TaskDeleted = 4,

    /// <summary>In a task's own file: what follows came from this segment of the journal.</summary>
    Part = 5,
}
