namespace StreamRelay.Storage.Journal;

/// <summary>Where a record starts in a task's own file, and the offset of its first entry.</summary>
internal readonly record struct IndexEntry(long Offset, long Position);
