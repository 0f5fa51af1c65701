namespace StreamRelay.Redis.Resp;

/// <summary>Nothing was sent: there was no connection in time.</summary>
internal sealed class RespUnavailableException(string message, Exception? cause) : IOException(message, cause);
