using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Counts the open streams of each owner. Safe to use from any thread.</summary>
internal sealed class OpenStreams(IOptionsMonitor<LimitOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>The most streams of an owner; 0: no limit.</summary>
    public int Limit => options.CurrentValue.StreamsPerOwner;

    /// <summary>The open streams of an owner.</summary>
    public int Count(string owner)
    {
        lock (_lock)
            return _counts.GetValueOrDefault(owner);
    }

    /// <summary>Counts a stream until the result is disposed. The answer to the request that started a task is counted and never refused, since its client would start another task.</summary>
    /// <returns><see langword="null"/> when the owner has as many streams as it may have: this one is not counted.</returns>
    public IDisposable? Enter(HttpContext context)
    {
        var owner = context.GetOwner();
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(owner);
            if (Limit > 0 && count >= Limit && HttpMethods.IsGet(context.Request.Method))
                return null;

            _counts[owner] = count + 1;
        }

        return new Counted(this, owner);
    }

    private void Leave(string owner)
    {
        lock (_lock)
        {
            if (--_counts[owner] == 0)
                _counts.Remove(owner);
        }
    }

    private sealed class Counted(OpenStreams streams, string owner) : IDisposable
    {
        public void Dispose() => streams.Leave(owner);
    }
}
