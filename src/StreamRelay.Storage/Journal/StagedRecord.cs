namespace StreamRelay.Storage.Journal;

/// <summary>A record of the current group. <paramref name="Start"/> is its position in the group, in bytes.</summary>
internal readonly record struct StagedRecord(TaskLog Log, int Start, int Length, long FirstOffset, long NextOffset, long Epoch);
