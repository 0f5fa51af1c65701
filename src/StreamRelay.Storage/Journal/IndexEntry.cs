namespace StreamRelay.Storage.Journal;

/// <summary>The position of a record in a task's own file, and the offset of the record's first entry.</summary>
internal readonly record struct IndexEntry(long Offset, long Position);
