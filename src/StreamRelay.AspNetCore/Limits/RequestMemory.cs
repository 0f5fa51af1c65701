using Microsoft.AspNetCore.Http;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>A feature of a request: the memory of <see cref="StreamOptions.MemoryBytes"/> that its body and its answer use. Given back at the end of the request, or when it is disposed.</summary>
internal sealed class RequestMemory(HttpContext context) : IDisposable
{
    // What is smaller than a step is not counted, so that small requests do not share a counter.
    private const int Step = 16 << 10;

    private readonly MemoryBudget _memory = context.RequestServices.GetRequiredService<StreamManager>().Memory;
    private long _taken;
    private long _used;

    /// <summary>Takes memory, in steps.</summary>
    /// <returns><see langword="false"/> when it is used up.</returns>
    public bool TryTake(long bytes)
    {
        _used += bytes;
        var more = (_used / Step * Step) - _taken;
        if (more <= 0)
            return true;
        if (!_memory.TryTake(more))
            return false;

        if (_taken == 0)
        {
            context.Response.RegisterForDispose(this);
            context.Features.Set(this);
        }

        _taken += more;
        return true;
    }

    /// <summary>Takes memory for a request.</summary>
    /// <exception cref="MemoryBudgetException">It is used up.</exception>
    public static void Take(HttpContext context, long bytes)
    {
        if (bytes >= Step && !new RequestMemory(context).TryTake(bytes))
            throw new MemoryBudgetException();
    }

    public void Dispose()
    {
        _memory.Add(-_taken);
        _taken = 0;
    }
}
