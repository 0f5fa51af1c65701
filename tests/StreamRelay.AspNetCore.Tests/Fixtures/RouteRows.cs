namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>The rows of the authorization matrix: one for each route.</summary>
internal static class RouteRows
{
    private const string Messages = """{"id":"{id}","threadId":"t","runId":"{id}","model":"{agent}","agent":"{agent}","stream":true,"input":"hello","forwardedProps":{"agent":"{agent}"},"messages":[{"id":"1","role":"user","content":"hello","parts":[{"type":"text","text":"hello"}]}]}""";

    /// <summary>The prefixes under which routes of OpenAI exist a second time.</summary>
    private static readonly (string Prefix, string Alias)[] Aliases =
    [
        ("/v1/chat", "/openai/v1/chat"), ("/v1/chat", "/openai/deployments/{deployment}/chat"), ("/v1/responses", "/openai/responses"),
        ("/v1/responses", "/openai/v1/responses"), ("/v1/conversations", "/openai/conversations"), ("/v1/conversations", "/openai/v1/conversations"),
        ("/v1/models", "/openai/models"), ("/v1/models", "/openai/v1/models"),
    ];

    private static readonly RouteRow[] Own =
    [
        new("POST /v1/tasks", "start", 201, 201, 404, """{"agent":"{agent}","input":"hello"}"""),
        new("GET /v1/tasks", "read", 200, 200, 200),
        new("DELETE /v1/tasks", "admin", 200, 200, 200),
        new("GET /v1/tasks/{id}", "read", 200, 404, 404) { StaysOpen = true },
        new("DELETE /v1/tasks/{id}", "start", 200, 404, 404),
        new("POST /v1/tasks/{id}/stop", "start", 200, 404, 404),
        new("GET /v1/tasks/{id}/events", "read", 200, 404, 404) { TakesTickets = true, StaysOpen = true },
        new("GET /v1/events", "read", 200, 404, 404) { TakesTickets = true, StaysOpen = true },
        new("POST /v1/tasks/{id}/events", "push", 200, 404, 404, """{"event_type":"output","content":"hello"}""") { Agent = "remote" },
        new("POST /v1/operations/{operationId}/complete", "push", 200, 404, 404, """{"success":true,"task_id":"{id}"}""") { Agent = "remote" },
        new("GET /v1/tasks/{id}/files", "read", 200, 404, 404) { TakesTickets = true },
        new("GET /v1/tasks/{id}/files/{name}", "read", 200, 404, 404) { TakesTickets = true },
        new("HEAD /v1/tasks/{id}/files/{name}", "read", 200, 404, 404) { TakesTickets = true },
        new("GET /download/{id}/{name}", "read", 200, 404, 404) { TakesTickets = true },
        new("HEAD /download/{id}/{name}", "read", 200, 404, 404) { TakesTickets = true },
        new("POST /v1/tickets", "read", 200, 404, 404, """{"tasks":["{id}"]}"""),
        new("POST /v1/chat/completions", "start", 200, 200, 404, Messages) { StaysOpen = true },
        new("POST /v1/responses", "start", 200, 200, 404, Messages) { StaysOpen = true },
        new("POST /v1/messages", "start", 200, 200, 404, Messages) { StaysOpen = true },
        new("POST /v1/messages/count_tokens", "start", 200, 200, 404, Messages),
        new("GET /v1/responses/{id}", "read", 200, 404, 404),
        new("POST /v1/responses/{id}/cancel", "start", 200, 404, 404),
        new("DELETE /v1/responses/{id}", "start", 200, 404, 404),
        new("GET /v1/responses/{id}/input_items", "read", 200, 404, 404),
        new("POST /v1/conversations", "start", 200, 200, 200, """{"items":[{"role":"user","content":"hello"}]}"""),
        new("GET /v1/conversations/{conversationId}", "read", 200, 404, 404),
        new("POST /v1/conversations/{conversationId}", "start", 200, 404, 404, """{"metadata":{"a":"b"}}"""),
        new("DELETE /v1/conversations/{conversationId}", "start", 200, 404, 404),
        new("GET /v1/conversations/{conversationId}/items", "read", 200, 404, 404),
        new("POST /v1/conversations/{conversationId}/items", "start", 200, 404, 404, """{"items":[{"role":"user","content":"hello"}]}"""),
        new("GET /v1/conversations/{conversationId}/items/{itemId}", "read", 200, 404, 404),
        new("DELETE /v1/conversations/{conversationId}/items/{itemId}", "start", 200, 404, 404),
        new("POST /api/chat", "start", 200, 200, 404, Messages) { StaysOpen = true },
        new("GET /api/chat/{chatId}/stream", "read", 200, 204, 204) { StaysOpen = true },
        new("DELETE /api/chat/{chatId}", "start", 204, 204, 204),
        new("POST /ag-ui", "start", 200, 200, 404, Messages) { StaysOpen = true },
        new("POST /ag-ui/{agent}", "start", 200, 200, 404, Messages) { StaysOpen = true },
        new("GET /v1/models", "read", 200, 200, 200),
        new("GET /v1/limits", "read", 200, 200, 200),
        new("GET /v1/models/{**id}", "read", 200, 200, 404),
        new("POST /v1/keys", "admin", 201, 201, 403, """{"owner":"carol","note":"{id}"}"""),
        new("GET /v1/keys", "admin", 200, 200, 403),
        new("POST /v1/keys/{id}/rotate", "admin", 404, 404, 403),
        new("DELETE /v1/keys/{id}", "admin", 404, 404, 403),
        new("GET /health/live", null, 200, 200, 200),
        new("GET /health/ready", null, 200, 200, 200),
    ];

    public static IReadOnlyList<RouteRow> All { get; } =
    [
        .. Own,
        .. from alias in Aliases
           from row in Own
           where row.Route.Contains(' ' + alias.Prefix, StringComparison.Ordinal)
           select row with { Route = row.Route.Replace(alias.Prefix, alias.Alias, StringComparison.Ordinal), IsAlias = true },
    ];
}
