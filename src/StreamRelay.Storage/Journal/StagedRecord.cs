namespace StreamRelay.Storage.Journal;

/// <summary>A record in the group that is being gathered; it starts at <paramref name="Start"/> in the group.</summary>
internal readonly record struct StagedRecord(TaskLog Log, int Start, int Length, long FirstOffset, long NextOffset, long Epoch);
