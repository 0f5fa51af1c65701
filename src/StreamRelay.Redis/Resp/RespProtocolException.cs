namespace StreamRelay.Redis.Resp;

/// <summary>What the server said is not the protocol, or not what the command is answered with.</summary>
internal sealed class RespProtocolException(string message) : IOException(message);
