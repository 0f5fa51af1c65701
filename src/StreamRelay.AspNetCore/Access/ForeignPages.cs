using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Logs the origins whose pages are refused, each of them once: their browsers keep the reason from them.</summary>
internal sealed partial class ForeignPages(ILogger<ForeignPages> logger)
{
    // Any page that a visitor opens can ask, so their number and length are bounded.
    private const int MaxOrigins = 100;
    private const int MaxLength = 200;

    private readonly ConcurrentDictionary<string, bool> _logged = [];

    /// <summary>A page of this origin was refused.</summary>
    public void Add(string origin)
    {
        if (origin.Length is > 0 and <= MaxLength && _logged.Count < MaxOrigins && _logged.TryAdd(origin, true))
            Refused(origin);
    }

    [LoggerMessage(1, LogLevel.Warning, "A page of {Origin} is refused. To serve the pages of this origin, add it to StreamRelay:Auth:Origins")]
    private partial void Refused(string origin);
}
