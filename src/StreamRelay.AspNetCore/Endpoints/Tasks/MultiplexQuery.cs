using Microsoft.AspNetCore.Http;
using StreamRelay.Protocols.Requests;
using StreamRelay.Protocols.Sse;

namespace StreamRelay.AspNetCore.Endpoints.Tasks;

/// <summary>One task of a request for several: <c>ID</c> or <c>ID:AFTER</c>.</summary>
internal sealed record MultiplexQuery(string Id, FrameId After)
{
    /// <summary>The tasks, each once, in the order of the request.</summary>
    /// <exception cref="RequestException">400: a position is malformed.</exception>
    public static IReadOnlyList<MultiplexQuery> Read(IQueryCollection query) => [.. query["task"].OfType<string>().Select(Read).DistinctBy(task => task.Id)];

    private static MultiplexQuery Read(string text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
            return new(text, FrameId.None);

        return FrameId.TryParse(text.AsSpan(colon + 1), out var after)
            ? new(text[..colon], after)
            : throw RequestException.Invalid($"'{text[(colon + 1)..]}' in 'task' must be a sequence number.", "task", "invalid_cursor");
    }
}
