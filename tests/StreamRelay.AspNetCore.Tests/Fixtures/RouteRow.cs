namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>What one route expects of its callers.</summary>
/// <param name="Route">Its method and pattern, as the route table has them.</param>
/// <param name="Scope">The scope that it needs; <see langword="null"/> when it needs no caller.</param>
/// <param name="Served">The status of a caller that may do everything.</param>
/// <param name="Foreign">The status of a caller of another owner, which is that of a task that does not exist.</param>
/// <param name="OtherAgent">The status of a key that is limited to another agent.</param>
/// <param name="Body">The body, in which <c>{id}</c> is the task and <c>{agent}</c> its agent.</param>
internal sealed record RouteRow(string Route, string? Scope, int Served, int Foreign, int OtherAgent, string? Body = null)
{
    /// <summary>Whether a ticket for the task may be used.</summary>
    public bool TakesTickets { get; init; }

    /// <summary>The agent of the task: those of <c>writer</c> end at once and have a file, those of <c>remote</c> do not end.</summary>
    public string Agent { get; init; } = "writer";

    /// <summary>Whether the request goes on while the task does.</summary>
    public bool StaysOpen { get; init; }

    /// <summary>Whether the route exists under another prefix too, which the API document has instead.</summary>
    public bool IsAlias { get; init; }

    public string Method => Route.Split(' ')[0];

    /// <summary>Whether the route is for a conversation.</summary>
    public bool IsForConversation => Route.Contains("{conversationId}", StringComparison.Ordinal);

    /// <summary>The address of the route for a task and its chat.</summary>
    public string Path(string task, string agent, string chat) => (Route.Split(' ')[1] switch
    {
        "/v1/events" => "/v1/events?task={id}",
        "/v1/tasks" when Method == "DELETE" => "/v1/tasks?older_than=1h",
        "/v1/tasks/{id}" when StaysOpen => "/v1/tasks/{id}?wait=60",
        var path => path,
    }).Replace("responses/{id}", "responses/resp_{id}", StringComparison.Ordinal).Replace("{**id}", agent, StringComparison.Ordinal).Replace("{id}", task, StringComparison.Ordinal)
        .Replace("{name}", "a.txt", StringComparison.Ordinal).Replace("{chatId}", chat, StringComparison.Ordinal)
        .Replace("{operationId}", "unknown", StringComparison.Ordinal).Replace("{agent}", agent, StringComparison.Ordinal).Replace("{deployment}", agent, StringComparison.Ordinal);

    public string? Content(string task, string agent) =>
        Body?.Replace("{id}", task, StringComparison.Ordinal).Replace("{agent}", agent, StringComparison.Ordinal);
}
