namespace StreamRelay.Logs;

/// <summary>The store has been away for longer than is waited for. It may be back in a moment.</summary>
public sealed class StoreUnavailableException(string message, Exception innerException) : IOException(message, innerException);
