using System.Security.Cryptography;
using System.Text;
using StreamRelay.Agents;
using StreamRelay.Cluster;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Starts the tasks of one conversation one after the other, and applies the rule for a task of it that still runs.</summary>
public sealed class ConversationGate(AgentHost host, AgentRegistry agents, ITaskStore tasks, INodeLocks? locks = null)
{
    private const int Stripes = 64;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits until no other task of the conversation is being started; dispose the result after the start. A task without a conversation does not wait.</summary>
    internal async ValueTask<IAsyncDisposable?> EnterAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        if (request.SessionId is not { } session)
            return null;

        var turn = _turns[(uint)HashCode.Combine(request.Owner, session) % Stripes];
        await turn.WaitAsync(cancellationToken);
        try
        {
            return new Turn(turn, locks is null ? null : await locks.EnterAsync(Name(request.Owner, session), cancellationToken));
        }
        catch
        {
            turn.Release();
            throw;
        }
    }

    /// <summary>Applies the rule for tasks of the conversation that still run: it stops them, refuses the new one, or lets all run.</summary>
    /// <param name="request">The new task.</param>
    /// <param name="visible">The tasks that the caller may see; others are left alone.</param>
    /// <param name="protocolRule">The rule of the protocol, for agents whose options have none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The running task that the request repeats, or <see langword="null"/>: start the new one.</returns>
    /// <exception cref="RequestException">423: the rule is to refuse.</exception>
    internal async ValueTask<TaskRecord?> ApplyPolicyAsync(TaskRequest request, TaskQuery visible, DoubleText? protocolRule, CancellationToken cancellationToken)
    {
        if (request.SessionId is null || (agents.Find(request.Agent)?.Options.DoubleText ?? protocolRule) is not { } rule)
            return null;

        List<TaskRecord> busy = [];
        foreach (var task in await tasks.ListAsync(visible with { SessionId = request.SessionId }, cancellationToken))
        {
            if (await host.SettleAsync(task, cancellationToken) is { IsEnded: false } running)
                busy.Add(running);
        }

        if (request.RequestFingerprint is { } hash && busy.Find(task => task.Request.RequestFingerprint == hash && task.Request.Agent == request.Agent) is { } same)
            return same;
        if (busy.Count > 0 && rule is DoubleText.Reject)
            throw StartRefusals.ConversationBusy(busy[0].Id);
        if (rule is DoubleText.Interrupt)
            await Task.WhenAll(busy.Select(task => host.StopTaskAsync(task.Id, cancellationToken).AsTask()));

        return null;
    }

    private static string Name(string owner, string session) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Length}:{owner}{session}")).AsSpan(0, 16));

    private sealed class Turn(SemaphoreSlim turn, IAsyncDisposable? nodeLock) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (nodeLock is not null)
                await nodeLock.DisposeAsync();

            turn.Release();
        }
    }
}
