using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Conversations;

/// <summary>Finds the conversation of a request and checks its owner. Every endpoint that takes the id of a conversation uses it.</summary>
public sealed class ConversationAccess(IConversationStore conversations, ITaskStore tasks, AgentHost host, IOptions<ConversationOptions> options)
{
    private static readonly TaskState[] Unended = [TaskState.Running, TaskState.Queued];

    /// <summary>Finds the conversation, if it belongs to the owner of the caller and only agents that the caller may use have answered in it. It has the items of every
    /// response of which a client can have read the end.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async ValueTask<StoredConversation> RequireAsync(HttpContext context, string id, string param)
    {
        ArgumentNullException.ThrowIfNull(context);
        await SettleAsync(context, id);
        return await conversations.FindAsync(context.GetOwner(), id, context.RequestAborted) is { } found && MayRead(context, found)
            ? found
            : throw NotFound(id, param);
    }

    /// <summary>404: the conversation is unknown, was deleted, or belongs to another owner.</summary>
    public static RequestException NotFound(string id, string param) => RequestException.NotFound($"There is no conversation '{id}'.", "conversation_not_found", param);

    /// <summary>Checks that a conversation has space for items, and at least for one more: a response adds some when it ends.</summary>
    /// <exception cref="RequestException">400.</exception>
    public void CheckSpace(StoredConversation conversation, IReadOnlyList<ConversationItem> added, string param)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        ArgumentNullException.ThrowIfNull(added);
        var (items, bytes) = (
            conversation.Items + Math.Max(1, added.Count), conversation.Bytes + Math.Max(1, added.Sum(static item => (long)item.Json.Length)));
        if (items > options.Value.MaxItems || bytes > options.Value.MaxBytes)
        {
            throw RequestException.Invalid(
                $"Conversation '{conversation.Id}' is full: it may have {options.Value.MaxItems} items and {options.Value.MaxBytes} bytes ({ConversationOptions.Section}). "
                + "Delete some of its items, or begin another one.", param, "conversation_full");
        }
    }

    private async ValueTask SettleAsync(HttpContext context, string id)
    {
        foreach (var state in Unended)
        {
            var query = new TaskQuery { Owner = context.GetOwner(), SessionId = id, State = state, Limit = int.MaxValue };
            foreach (var task in await tasks.ListAsync(query, context.RequestAborted))
                await host.SettleAsync(task, context.RequestAborted);
        }
    }

    private static bool MayRead(HttpContext context, StoredConversation conversation) =>
        !context.User.IsLimitedToTasks() && conversation.Agents.All(context.User.MayUse);
}
