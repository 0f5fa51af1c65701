using Microsoft.Extensions.Options;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Ends responses after a time, between two frames, before a proxy does so inside one.</summary>
public sealed class ConnectionAgeLimit(IOptions<StreamOptions> options, TimeProvider time)
{
    private const double Jitter = 0.1;

    /// <summary>Calls <paramref name="release"/> when the response has reached the limit; dispose the result when it ends before.</summary>
    internal ITimer? Schedule(Action release)
    {
        var age = options.Value.MaxConnectionAge;
        return age > TimeSpan.Zero
            ? time.CreateTimer(static state => ((Action)state!)(), release, age * (1 - (Jitter * Random.Shared.NextDouble())), Timeout.InfiniteTimeSpan)
            : null;
    }
}
