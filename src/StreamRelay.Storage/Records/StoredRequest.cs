using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>The column <c>request</c>: the request that started a task. It is written once.</summary>
internal sealed record StoredRequest
{
    public required Guid Id { get; init; }
    public required string Agent { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? SessionId { get; init; }
    public string? OperationId { get; init; }
    public string? ToolCallId { get; init; }
    public string? IdempotencyKey { get; init; }
    public string? RequestFingerprint { get; init; }
    public string? Title { get; init; }
    public bool Ephemeral { get; init; }
    public ReadOnlyMemory<byte> Metadata { get; init; }
    public ReadOnlyMemory<byte> Protocol { get; init; }

    public static StoredRequest From(TaskRequest request) => new()
    {
        Id = request.Id.Value,
        Agent = request.Agent,
        Owner = request.Owner,
        CreatedAt = request.CreatedAt,
        SessionId = request.SessionId,
        OperationId = request.OperationId,
        ToolCallId = request.ToolCallId,
        IdempotencyKey = request.IdempotencyKey,
        RequestFingerprint = request.RequestFingerprint,
        Title = request.Title,
        Ephemeral = request.Ephemeral,
        Metadata = request.Metadata,
        Protocol = request.Protocol,
    };

    public TaskRequest ToRequest() => new()
    {
        Id = new(Id),
        Agent = Agent,
        Owner = Owner,
        CreatedAt = CreatedAt,
        SessionId = SessionId,
        OperationId = OperationId,
        ToolCallId = ToolCallId,
        IdempotencyKey = IdempotencyKey,
        RequestFingerprint = RequestFingerprint,
        Title = Title,
        Ephemeral = Ephemeral,
        Metadata = Metadata,
        Protocol = Protocol,
    };
}
