namespace StreamRelay.Redis.Resp;

/// <summary>What a value of the protocol is. Attributes are never seen: they are skipped.</summary>
internal enum RespKind
{
    Null,
    Simple,
    Error,
    Integer,
    Bulk,
    Array,

    /// <summary>Its items are key, value, key, value and so on.</summary>
    Map,

    Set,

    /// <summary>Said by the server without being asked.</summary>
    Push,

    Boolean,
    Double,
    BigNumber,

    /// <summary>A text; the word that names its format is left out.</summary>
    Verbatim,
}
