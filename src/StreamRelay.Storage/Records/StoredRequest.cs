using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>The column <c>request</c>: the request that started a task. It is written once. Its members can be set, because that is what the serializer reads fastest.</summary>
internal sealed record StoredRequest
{
    public Guid Id { get; set; }
    public string? Agent { get; set; }
    public string? Owner { get; set; }
    public string? KeyId { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public string? BasePath { get; set; }
    public string? SessionId { get; set; }
    public string? OperationId { get; set; }
    public string? ToolCallId { get; set; }
    public string? IdempotencyKey { get; set; }
    public string? RequestFingerprint { get; set; }
    public string? Title { get; set; }
    public bool Ephemeral { get; set; }
    public bool IsExternal { get; set; }
    public ReadOnlyMemory<byte> Metadata { get; set; }
    public ReadOnlyMemory<byte> Protocol { get; set; }

    public static StoredRequest From(TaskRequest request) => new()
    {
        Id = request.Id.Value,
        Agent = request.Agent,
        Owner = request.Owner,
        KeyId = request.KeyId,
        CreatedAt = request.CreatedAt,
        BasePath = request.BasePath.Length > 0 ? request.BasePath : null,
        SessionId = request.SessionId,
        OperationId = request.OperationId,
        ToolCallId = request.ToolCallId,
        IdempotencyKey = request.IdempotencyKey,
        RequestFingerprint = request.RequestFingerprint,
        Title = request.Title,
        Ephemeral = request.Ephemeral,
        IsExternal = request.IsExternal,
        Metadata = request.Metadata,
        Protocol = request.Protocol,
    };

    /// <exception cref="JsonException">The document is incomplete.</exception>
    public TaskRequest ToRequest() => new()
    {
        Id = new(Id),
        Agent = Agent ?? throw new JsonException("The request has no agent."),
        Owner = Owner ?? throw new JsonException("The request has no owner."),
        KeyId = KeyId,
        CreatedAt = CreatedAt,
        BasePath = BasePath ?? "",
        SessionId = SessionId,
        OperationId = OperationId,
        ToolCallId = ToolCallId,
        IdempotencyKey = IdempotencyKey,
        RequestFingerprint = RequestFingerprint,
        Title = Title,
        Ephemeral = Ephemeral,
        IsExternal = IsExternal,
        Metadata = Metadata,
        Protocol = Protocol,
    };
}
