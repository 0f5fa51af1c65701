using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StreamRelay.Server.Api;

/// <summary>Puts an example to each route that takes a body, and what may go wrong to every route.</summary>
internal static class ApiExamples
{
    private static readonly Dictionary<string, string> Requests = new()
    {
        ["CreateChatCompletion"] = """{"model":"write_tutorial","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"MySQL"}]}""",
        ["StartTask"] = """{"agent":"write_tutorial","input":"MySQL","metadata":{"language":"English"}}""",
        ["IssueTicket"] = """{"tasks":["01a1fc3490c470f698d90bf3e1de5334"]}""",
    };

    private static readonly Dictionary<string, string> Streams = new()
    {
        ["CreateChatCompletion"] = "id: 2\ndata: {\"id\":\"chatcmpl-…\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"# \"},\"finish_reason\":null}]}\n\n",
        ["ReadTask"] = "id: 2\ndata: {\"task_id\":\"…\",\"sequence\":2,\"agent_name\":\"probe\",\"event_type\":\"output\",\"content\":\"t1 \",\"timestamp\":\"2026-11-20T10:00:00.123Z\"}\n\n",
    };

    private const string Error = """{"error":{"message":"There is no task 'x'.","type":"invalid_request_error","param":"id","code":"task_not_found"}}""";

    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var id = operation.OperationId ?? "";
        if (Requests.TryGetValue(id, out var request) && operation.RequestBody?.Content?.TryGetValue("application/json", out var body) == true)
            body.Example = JsonNode.Parse(request);

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status[0] >= '4' && response.Content?.TryGetValue("application/json", out var error) == true)
                error.Example = JsonNode.Parse(Error);
            if (response.Content?.TryGetValue("text/event-stream", out var stream) == true && Streams.TryGetValue(id, out var frames))
                stream.Example = JsonValue.Create(frames);
        }

        return Task.CompletedTask;
    }
}
