using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Conversations;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Conversations;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary>Puts the messages that a response continues before those of its request: an earlier response, or the items of a conversation.</summary>
public sealed class ResponsesHistory(
    Conversation conversation, ResponsesReferences references, IConversationStore store, ConversationAccess access, ITaskStore tasks, IOptions<StreamOptions> options, TimeProvider time)
{
    // The items, their JSON, the messages and the input of the task.
    private const long Copies = 4;

    /// <summary>The task that a request starts.</summary>
    /// <exception cref="RequestException">400 or 404: what the request continues does not exist, has not ended, is full or is too large.</exception>
    internal async ValueTask<TaskRequestDraft> DraftAsync(HttpContext context, ResponsesRequest request, string agent)
    {
        var stored = request.Conversation is { } id ? await access.RequireAsync(context, id, "conversation") : null;
        var input = request.ToInput(await references.ResolveAsync(context, request.Json.Optional("input"), stored?.Id));
        var continued = request.Previous is { } previous ? await ContinueResponseAsync(context, previous, input)
            : stored is not null ? await ContinueConversationAsync(context, stored, input)
            : new(input.Content, 0, true);
        if (!continued.IsWhole && !request.MayTruncate)
            throw TooLong();

        return request.ToDraft(agent, input with { Content = continued.Messages }, continued.Earlier);
    }

    private async ValueTask<ContinuedConversation> ContinueResponseAsync(HttpContext context, string id, TaskInput input)
    {
        var previous = await TaskAccess.FindAsync(context, ResponsesId.ToTask(id), tasks, context.RequestAborted) ?? throw RequestException.Invalid(
            $"There is no response '{id}': unknown, or deleted.", "previous_response_id", "previous_response_not_found");
        return previous.IsEnded
            ? await conversation.ContinueAsync(previous, input.Content, context.RequestAborted)
            : throw RequestException.Invalid($"Response '{id}' has not ended; wait for it, or cancel it.", "previous_response_id", "previous_response_not_ended");
    }

    private async ValueTask<ContinuedConversation> ContinueConversationAsync(HttpContext context, StoredConversation stored, TaskInput input)
    {
        access.CheckSpace(stored, [], "conversation");
        RequestMemory.Take(context, Copies * stored.Bytes);
        var items = await store.ListAsync(stored.Owner, stored.Id, new(null, false, int.MaxValue), context.RequestAborted);
        await store.AppendAsync(stored.Owner, stored.Id, new([], time.GetUtcNow()), context.RequestAborted);
        return conversation.Continue(ResponsesStoredItems.ToMessages(items!), input.Content);
    }

    private RequestException TooLong() => RequestException.Invalid(
        $"The turns before this request have more than {options.Value.ConversationBytes} bytes ({StreamOptions.Section}:ConversationBytes). "
        + "Set 'truncation' to 'auto' to leave out the oldest, or continue from less.", "truncation", "context_length_exceeded");
}
