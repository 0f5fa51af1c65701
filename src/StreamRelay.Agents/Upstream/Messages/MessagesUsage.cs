using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>The tokens that an answer used. The counts come in several events, each of which is the sum so far.</summary>
internal sealed class MessagesUsage
{
    private long? _input;
    private long? _cacheRead;
    private long? _cacheWrite;
    private long? _output;

    /// <summary>Adds the usage of an event or a document.</summary>
    /// <param name="json">What has the member <c>usage</c>.</param>
    /// <param name="isWhole">Whether the answer is complete; the tokens that a server has written at its beginning say nothing.</param>
    /// <returns>The usage so far as an event; <see langword="null"/> when one of the two counts is missing.</returns>
    public StreamEvent? Add(JsonElement json, bool isWhole)
    {
        if (json.Find("usage", JsonValueKind.Object) is not { } usage)
            return null;

        _input = Max(_input, usage.FindCount("input_tokens"));
        _cacheRead = Max(_cacheRead, usage.FindCount("cache_read_input_tokens"));
        _cacheWrite = Max(_cacheWrite, usage.FindCount("cache_creation_input_tokens"));
        if (isWhole)
            _output = Max(_output, usage.FindCount("output_tokens"));

        return _input is { } read && _output is { } written
            ? AgentEvents.Usage(read + (_cacheRead ?? 0) + (_cacheWrite ?? 0), written, details: new(PromptDetails(), default))
            : null;
    }

    private static long? Max(long? before, long? now) => before is { } first && now is { } second ? Math.Max(first, second) : before ?? now;

    private ReadOnlyMemory<byte> PromptDetails() => _cacheRead is null && _cacheWrite is null ? default : AgentEvents.Json(json =>
    {
        if (_cacheRead is { } cached)
            json.WriteNumber("cached_tokens"u8, cached);
        if (_cacheWrite is { } written)
            json.WriteNumber("cache_creation_tokens"u8, written);
    });
}
