using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Sets the web server up for streams: no minimum rate of a response, because the stall timeout ends slow readers and HTTP/2 has this limit for the
/// whole server only, and many streams on one HTTP/2 connection.</summary>
internal sealed class KestrelSetup : IConfigureOptions<KestrelServerOptions>
{
    private const int MaxStreamsPerConnection = 1000;

    public void Configure(KestrelServerOptions options)
    {
        options.Limits.MinResponseDataRate = null;
        options.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
    }
}
