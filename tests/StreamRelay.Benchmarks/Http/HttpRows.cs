using System.Text.Json;

namespace StreamRelay.Benchmarks.Http;

/// <summary>The table of work. The first row of a group is what the others are compared with.</summary>
internal static class HttpRows
{
    /// <summary>Events of a long answer.</summary>
    public const int Events = 500;

    private const string Event = """{"event_type":"output","content":"a text that is as long as a few tokens of a model are"}""";

    /// <param name="servers">The servers.</param>
    /// <param name="task">A task of the real server that takes events.</param>
    public static IEnumerable<HttpRow> Of(HttpServers servers, string task)
    {
        var (bare, relay) = (servers.Bare, servers.Relay);
        yield return new("a small GET", bare, new("/document"));
        yield return new("a small GET", relay, new("/v1/models"));

        yield return new("a POST of one event", bare, new("/event", Event));
        yield return new("a POST of one event", relay, new($"/v1/tasks/{task}/events", Event));
        if (servers.Nchan is { } nchan)
            yield return new("a POST of one event", nchan, new("/publish", Event));

        var lines = string.Join('\n', Enumerable.Repeat(Event, 20));
        yield return new("an event of 20 in a POST", bare, new("/event", Event));
        yield return new("an event of 20 in a POST", relay, new($"/v1/tasks/{task}/events", lines, Units: 20, "application/x-ndjson"));

        yield return new("a chat of one event", bare, new("/chat", Chat(1, isStream: false)));
        yield return new("a chat of one event", relay, new("/v1/chat/completions", Chat(1, isStream: false), Ending: "t1 "));

        foreach (var peer in servers.Peers)
            yield return new("an event of a chat of 500", peer, new("/chat", Chat(Events, isStream: true), Events, Ending: "[DONE]"));

        yield return new("an event of a chat of 500", bare, new("/stream", Chat(Events, isStream: true), Events, Ending: "[DONE]"));
        yield return new("an event of a chat of 500", relay, new("/v1/chat/completions", Chat(Events, isStream: true), Events, Ending: "[DONE]"));
    }

    private static string Chat(int events, bool isStream) =>
        JsonSerializer.Serialize(new { model = "probe", stream = isStream, messages = new[] { new { role = "user", content = $"count {events} 0" } } });
}
