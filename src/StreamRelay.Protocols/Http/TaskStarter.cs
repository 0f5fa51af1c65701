using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using StreamRelay.Agents;

namespace StreamRelay.Protocols.Http;

/// <summary>Starts tasks for requests, the same way in every protocol: agent and caller checked, idempotency kept.</summary>
public sealed class TaskStarter(AgentHost host, AgentRegistry agents, TimeProvider time)
{
    private const int MaxKeyLength = 255;

    /// <summary>The agents that the caller may start.</summary>
    public IReadOnlyList<string> Agents(HttpContext context) => [.. agents.Names.Where(context.User.MayUse)];

    /// <summary>The agent's name, if the caller may start it.</summary>
    /// <exception cref="ApiException">404, naming the agents there are.</exception>
    public string RequireAgent(HttpContext context, string? name, string param)
    {
        if (name is null)
            throw new ApiException(ApiResults.Invalid($"'{param}' is required: the name of an agent. {Known(context)}", param, "missing_field"));
        if (agents.Find(name) is null || !context.User.MayUse(name))
            throw new ApiException(ApiResults.NotFound($"There is no agent '{name}'. {Known(context)}", "model_not_found", param));

        return name;
    }

    /// <summary>Starts a task for the caller, or finds the one that its <c>Idempotency-Key</c> already has. On return it can be read.</summary>
    /// <exception cref="ApiException">422: the key came with another body before.</exception>
    public async ValueTask<TaskRecord> StartAsync(HttpContext context, RequestBody body, TaskRequestDraft draft, TaskInput input)
    {
        var key = Key(context);
        var request = new TaskRequest
        {
            Id = TaskId.New(time),
            Agent = draft.Agent,
            Owner = context.User.GetOwner(),
            CreatedAt = time.GetUtcNow(),
            SessionId = draft.SessionId,
            OperationId = draft.OperationId,
            ToolCallId = draft.ToolCallId,
            Metadata = draft.Metadata,
            Protocol = draft.Protocol,
            IdempotencyKey = key,
            BodyHash = key is null ? null : Convert.ToHexStringLower(SHA256.HashData(body.Bytes.Span)),
        };

        var (task, isNew) = await host.StartTaskAsync(request, input, context.RequestAborted);
        if (!isNew && task.Request.BodyHash != request.BodyHash)
        {
            throw new ApiException(ApiResults.Error(StatusCodes.Status422UnprocessableEntity,
                new("This Idempotency-Key was used with another body.", "invalid_request_error", "Idempotency-Key", "idempotency_key_reused")));
        }

        context.Response.Headers["X-Task-Id"] = task.Id.ToString();
        return task;
    }

    private static string? Key(HttpContext context)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        return key.Length switch
        {
            0 => null,
            > MaxKeyLength => throw new ApiException(ApiResults.Invalid($"'Idempotency-Key' is longer than {MaxKeyLength} characters.", "Idempotency-Key")),
            _ => key,
        };
    }

    private string Known(HttpContext context) => $"Agents: {string.Join(", ", Agents(context))}.";
}
