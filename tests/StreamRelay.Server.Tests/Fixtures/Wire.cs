using System.Text.Json;

namespace StreamRelay.Server.Fixtures;

/// <summary>The protocols, and the request that starts a task in each.</summary>
internal static class Wire
{
    public static IReadOnlyList<string> Protocols { get; } = ["native", "openai-chat", "openai-responses", "anthropic-messages", "ai-sdk", "ag-ui"];

    /// <summary>Whether the protocol is that of a server of models: a call in it is a request to the caller, and it has no place for data.</summary>
    public static bool IsModelApi(string protocol) => protocol is "openai-chat" or "openai-responses" or "anthropic-messages";

    public static string Events(string id, string protocol) => $"/v1/tasks/{id}/events?protocol={protocol}";

    /// <summary>The path and the body of the protocol's own request for a probe; the native request is answered with a task, all others with a stream.</summary>
    public static (string Path, string Body) Request(string protocol, string input, string? chat = null)
    {
        var text = JsonSerializer.Serialize(input);
        chat ??= Guid.NewGuid().ToString("N");
        return protocol switch
        {
            "native" => ("/v1/tasks", $$"""{"agent":"probe","input":{{text}}}"""),
            "openai-chat" => ("/v1/chat/completions", RelayApp.Chat(input, extra: ""","stream_options":{"include_usage":true}""")),
            "openai-responses" => ("/v1/responses", $$"""{"model":"probe","input":{{text}},"stream":true}"""),
            "anthropic-messages" => ("/v1/messages", $$"""{"model":"probe","max_tokens":100,"stream":true,"messages":[{"role":"user","content":{{text}}}]}"""),
            "ai-sdk" => ("/api/chat", $$"""{"id":"{{chat}}","agent":"probe","messages":[{"id":"m1","role":"user","parts":[{"type":"text","text":{{text}}}]}]}"""),
            "ag-ui" => ("/ag-ui/probe", $$"""{"threadId":"{{chat}}","runId":"r1","messages":[{"id":"m1","role":"user","content":{{text}}}]}"""),
            _ => throw new ArgumentException($"There is no protocol '{protocol}'.", nameof(protocol)),
        };
    }

    /// <summary>Starts a probe with the protocol's own request, over the client's version of HTTP. The answer is the stream from its first frame.</summary>
    public static async Task<LiveStream> StartAsync(HttpClient client, string protocol, string input, string? chat = null)
    {
        var (path, body) = Request(protocol, input, chat);
        var answer = await SendAsync(client, HttpMethod.Post, path, RelayApp.Json(body));
        if (protocol != "native")
            return new(protocol, answer);

        using (answer)
            return await ReadAsync(client, answer.Headers.GetValues("X-Task-Id").Single(), protocol);
    }

    public static async Task<LiveStream> ReadAsync(HttpClient client, string id, string protocol) =>
        new(protocol, await SendAsync(client, HttpMethod.Get, Events(id, protocol)));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content, Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return answer;
    }
}
