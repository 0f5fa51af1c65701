namespace StreamRelay.Logs;

/// <summary>The store was unavailable for longer than <c>StreamRelay:Streams:StoreOutage</c>. A later call may succeed.</summary>
public sealed class StoreUnavailableException(string message, Exception? innerException = null) : IOException(message, innerException);
