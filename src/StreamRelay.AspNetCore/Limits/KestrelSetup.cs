using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Sets the web server up for streams: slow readers are ours to judge, and one HTTP/2 connection may carry many.</summary>
internal sealed class KestrelSetup(IOptions<LimitOptions> limits) : IConfigureOptions<KestrelServerOptions>
{
    private const int MaxStreamsPerConnection = 1000;

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MinResponseDataRate = null;
        options.Limits.MaxRequestBodySize = limits.Value.BodyBytes;
        options.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
    }
}
