namespace StreamRelay.Server.Proxies;

/// <summary>The reverse proxies in front of the server. Section <c>StreamRelay:Proxies</c>.</summary>
public sealed class ProxyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Proxies";

    /// <summary>The addresses of proxies, or their networks such as <c>10.0.0.0/8</c>. Only the headers <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> of their requests are
    /// believed. Default: none.</summary>
    public IList<string> Trusted { get; } = [];
}
