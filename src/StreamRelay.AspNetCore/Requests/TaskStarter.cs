using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.AspNetCore.Streaming;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Starts tasks for requests, the same way in every protocol: agent and caller checked, idempotency and the order of a conversation kept.</summary>
public sealed class TaskStarter(
    AgentHost host, AgentRegistry agents, StreamReaders readers, ConversationGate sessions, IOptions<RelayOptions> options, TimeProvider time)
{
    private const int MaxKeyLength = 255;
    private const int MaxIdLength = 1024;

    /// <summary>The agents that the caller may start.</summary>
    public IReadOnlyList<string> Agents(HttpContext context) => [.. agents.Names.Where(context.User.MayUse)];

    /// <summary>The agent's name, or the default agent's, if the caller may start it.</summary>
    /// <exception cref="RequestException">404, naming the agents there are.</exception>
    public string AgentOrDefault(HttpContext context, string? name, string param) => RequireAgent(context, name ?? options.Value.DefaultAgent, param);

    /// <summary>The agent's name, if the caller may start it.</summary>
    /// <exception cref="RequestException">404, naming the agents there are.</exception>
    public string RequireAgent(HttpContext context, string? name, string param)
    {
        if (name is null)
            throw RequestException.Invalid($"'{param}' is required: the name of an agent. {Known(context)}", param, "missing_field");
        if (agents.Find(name) is null || !context.User.MayUse(name))
            throw RequestException.NotFound($"There is no agent '{name}'. {Known(context)}", "model_not_found", param);

        return name;
    }

    /// <summary>Starts a task for the caller, or finds the one that the request is a repetition of. On return it can be read.</summary>
    /// <exception cref="RequestException">422: the key came with another body before; 423: the conversation is busy; 503: the server is shutting down.</exception>
    public async ValueTask<TaskRecord> StartAsync(HttpContext context, RequestBody body, TaskRequestDraft draft, TaskInput input)
    {
        if (host.IsStopping)
            throw StartRefusals.ShuttingDown();

        var request = Request(context, body, draft);
        Enter(context, draft, request.Id);
        var task = await AddAsync(request, draft, input, context.RequestAborted);
        if (task.Id != request.Id)
            Enter(context, draft, task.Id);

        context.Response.Headers["X-Task-Id"] = task.Id.ToString();
        return task;
    }

    private TaskRequest Request(HttpContext context, RequestBody body, TaskRequestDraft draft)
    {
        Check(draft.SessionId, "conversation");
        Check(draft.OperationId, "operation");
        var given = Key(context);
        var essence = given is null && !draft.Fingerprint.IsEmpty ? draft.Fingerprint : body.Bytes;
        return new()
        {
            Id = TaskId.New(time),
            Agent = draft.Agent,
            Owner = context.GetOwner(),
            CreatedAt = time.GetUtcNow(),
            SessionId = draft.SessionId,
            OperationId = draft.OperationId,
            ToolCallId = draft.ToolCallId,
            Metadata = draft.Metadata,
            Protocol = draft.Protocol,
            Ephemeral = draft.Ephemeral,
            IdempotencyKey = given ?? draft.ProtocolKey,
            RequestFingerprint = (given ?? draft.ProtocolKey) is null && draft.Fingerprint.IsEmpty ? null : Convert.ToHexStringLower(SHA256.HashData(essence.Span)),
        };
    }

    private async ValueTask<TaskRecord> AddAsync(TaskRequest request, TaskRequestDraft draft, TaskInput input, CancellationToken cancellationToken)
    {
        await using var turn = await sessions.EnterAsync(request, cancellationToken);
        var task = request.IdempotencyKey is { } key ? await host.FindByKeyAsync(request.Owner, key, cancellationToken) : null;
        task ??= await sessions.ApplyPolicyAsync(request, draft.DoubleText, cancellationToken);
        task ??= (await host.StartTaskAsync(request, input, cancellationToken)).Task;
        return task.Id == request.Id || (task.Request.RequestFingerprint == request.RequestFingerprint && task.Request.Agent == request.Agent)
            ? task
            : throw StartRefusals.KeyReused();
    }

    private void Enter(HttpContext context, TaskRequestDraft draft, TaskId task)
    {
        if (!draft.IsRead)
            return;

        var reader = new AwaitedReader(readers.Enter(task));
        context.Features.Set(reader);
        context.Response.RegisterForDispose(reader);
    }

    // It is shown with every task of a list, and looked up.
    private static void Check(string? id, string whose)
    {
        if (id?.Length > MaxIdLength)
            throw RequestException.Invalid($"The id of the {whose} is longer than {MaxIdLength} characters.", code: "invalid_value");
    }

    private static string? Key(HttpContext context)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        return key.Length switch
        {
            0 => null,
            > MaxKeyLength => throw RequestException.Invalid($"'Idempotency-Key' is longer than {MaxKeyLength} characters.", "Idempotency-Key"),
            _ => key,
        };
    }

    private string Known(HttpContext context) => $"Agents: {string.Join(", ", Agents(context))}.";
}
