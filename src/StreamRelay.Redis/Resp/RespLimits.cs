namespace StreamRelay.Redis.Resp;

/// <summary>What a server may say; beyond it the connection is given up as not speaking the protocol.</summary>
internal static class RespLimits
{
    public const int Depth = 32;

    public const int BulkBytes = 512 << 20;

    /// <summary>A simple text, an error, a number or a length.</summary>
    public const int LineBytes = 1 << 20;

    /// <summary>Items of one aggregate; a pair of a map is two.</summary>
    public const int Items = 1_000_000;

    /// <summary>One reply as a whole.</summary>
    public const int ReplyBytes = 1 << 30;
}
