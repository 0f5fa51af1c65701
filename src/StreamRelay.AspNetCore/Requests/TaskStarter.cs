using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Starts tasks for requests, the same way in every protocol: it checks agent and caller, and keeps idempotency and the order of a conversation.</summary>
public sealed class TaskStarter(
    AgentHost host, AgentRegistry agents, StreamReaders readers, ConversationGate conversations, IOptions<RelayOptions> options, StartLimits limits, TimeProvider time)
{
    private const int MaxKeyLength = 255;
    private const int MaxIdLength = 1024;

    /// <summary>The agents that the caller may start.</summary>
    public IReadOnlyList<string> Agents(HttpContext context) => [.. agents.Names.Where(context.User.MayUse)];

    /// <summary>The agent's name, or that of the default agent, if the caller may start it.</summary>
    /// <exception cref="RequestException">400: no name is given, and there is no default agent. 404, with the names of the agents that the caller may start.</exception>
    public string AgentOrDefault(HttpContext context, string? name, string param) =>
        RequireAgent(context, name ?? (options.Value.DefaultAgent is { Length: > 0 } agent ? agent : null), param);

    /// <summary>The agent's name, if the caller may start it.</summary>
    /// <exception cref="RequestException">400: no name is given. 404, with the names of the agents that the caller may start.</exception>
    public string RequireAgent(HttpContext context, string? name, string param)
    {
        if (name is null)
            throw RequestException.Invalid($"'{param}' is required: the name of an agent. {Known(context)}", param, "missing_field");
        if (agents.Find(name) is null || !context.User.MayUse(name))
            throw RequestException.NotFound($"There is no agent '{name}'. {Known(context)}", "model_not_found", param);

        return name;
    }

    /// <summary>Starts a task for the caller, or finds the one that an earlier request of the same key or fingerprint started. The task can be read after the call.</summary>
    /// <exception cref="RequestException">400: the agent cannot use the input, or does not take the options. 413: the metadata is too large. 422: the key was used with another body.
    /// 423: the conversation is busy. 503: the server is shutting down.</exception>
    /// <exception cref="MemoryBudgetException">The memory that running tasks share is used up.</exception>
    public async ValueTask<TaskRecord> StartAsync(HttpContext context, RequestBody body, TaskRequestDraft draft)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(draft);
        if (host.IsStopping)
            throw StartRefusals.ShuttingDown();

        var agent = agents.Find(draft.Agent);
        agent.CheckOptions(context, draft);
        if (draft.IsMetadataForOptions && agent?.OptionsType is null)
            draft = draft with { Metadata = default };

        await (agent?.Runner).CheckAsync(context, draft, options.Value.Translation);
        var request = CreateRequest(context, body, draft);
        CountReader(context, draft, request);
        var task = await StartAsync(context, request, draft);
        if (task.Id != request.Id)
        {
            CountReader(context, draft, task.Request);
            context.Features.Set(RepeatedStart.Instance);
        }

        context.Response.Headers["X-Task-Id"] = task.Id.ToString();
        return task;
    }

    private TaskRequest CreateRequest(HttpContext context, RequestBody body, TaskRequestDraft draft)
    {
        CheckId(draft.SessionId, "conversation");
        CheckId(draft.OperationId, "operation");
        CheckId(draft.ToolCallId, "tool call");
        limits.Check(draft);
        var path = BasePath.Of(context);
        if (path.Length > MaxIdLength)
            throw RequestException.Invalid($"The path before the route is longer than {MaxIdLength} characters.", code: "invalid_value");

        var given = ReadKey(context);
        var fingerprint = given is null && !draft.Fingerprint.IsEmpty ? draft.Fingerprint : body.Bytes;
        return new()
        {
            Id = TaskId.New(time),
            Agent = draft.Agent,
            Owner = context.GetOwner(),
            KeyId = context.User.FindKeyId(),
            CreatedAt = time.GetUtcNow(),
            BasePath = path,
            SessionId = draft.SessionId,
            OperationId = draft.OperationId,
            ToolCallId = draft.ToolCallId,
            Metadata = draft.Metadata,
            Protocol = draft.Protocol,
            Ephemeral = draft.Ephemeral,
            IdempotencyKey = given ?? draft.ProtocolKey,
            RequestFingerprint = (given ?? draft.ProtocolKey) is null && draft.Fingerprint.IsEmpty ? null : Convert.ToHexStringLower(SHA256.HashData(fingerprint.Span)),
        };
    }

    private async ValueTask<TaskRecord> StartAsync(HttpContext context, TaskRequest request, TaskRequestDraft draft)
    {
        var cancellationToken = context.RequestAborted;
        await using var turn = await conversations.EnterAsync(request, cancellationToken);
        var task = request.IdempotencyKey is { } key ? await host.FindByKeyAsync(request.Owner, key, cancellationToken) : null;
        task ??= await conversations.ApplyPolicyAsync(request, context.CreateQuery(), draft.DoubleText, cancellationToken);
        task ??= await limits.StartAsync(request, draft.Input, cancellationToken);
        return task.Id == request.Id || (task.Request.RequestFingerprint == request.RequestFingerprint && task.Request.Agent == request.Agent)
            ? task
            : throw StartRefusals.KeyReused();
    }

    private void CountReader(HttpContext context, TaskRequestDraft draft, TaskRequest task)
    {
        if (!draft.IsRead)
            return;

        var reader = new AwaitedReader(readers.Enter(task));
        context.Features.Set(reader);
        context.Response.RegisterForDispose(reader);
    }

    // The id is shown with every task of a list, and is a key of the store.
    private static void CheckId(string? id, string owner)
    {
        if (id?.Length > MaxIdLength)
            throw RequestException.Invalid($"The id of the {owner} is longer than {MaxIdLength} characters.", code: "invalid_value");
    }

    private static string? ReadKey(HttpContext context)
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
