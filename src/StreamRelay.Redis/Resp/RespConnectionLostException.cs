namespace StreamRelay.Redis.Resp;

/// <summary>The command was sent, or perhaps sent, and no reply will come: whether it took effect is unknown.</summary>
internal sealed class RespConnectionLostException(string message, Exception cause) : IOException(message, cause);
