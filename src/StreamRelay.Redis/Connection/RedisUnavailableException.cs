namespace StreamRelay.Redis.Connection;

/// <summary>Redis could not be reached, did not answer in time, or takes no commands at the moment. Whether a command took effect is unknown; the same command may work a moment later.</summary>
internal sealed class RedisUnavailableException(string message, Exception? innerException = null) : IOException(message, innerException);
