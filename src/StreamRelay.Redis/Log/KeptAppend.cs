namespace StreamRelay.Redis.Log;

/// <summary>An element that this node appended to a log with several writers.</summary>
/// <param name="Log">The log.</param>
/// <param name="Previous">The element after which it was appended.</param>
/// <param name="Element">The element.</param>
/// <param name="At">When Redis acknowledged it.</param>
internal sealed record KeptAppend(StoredLog Log, EntryId Previous, LogElement Element, long At);
