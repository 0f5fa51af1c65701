namespace StreamRelay.Storage.Journal;

/// <summary>The kinds of records. The numbers are part of the stored format and never change.</summary>
internal enum RecordKind : byte
{
    /// <summary>The record contains entries of a task's log.</summary>
    Entries = 1,

    /// <summary>A writer of this epoch opened the task's log.</summary>
    Epoch = 2,

    /// <summary>The task's log is deleted.</summary>
    LogDeleted = 3,
}
