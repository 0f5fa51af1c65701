using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamRelay.Conversations;
using StreamRelay.Logs;
using StreamRelay.Outbox;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Conversations;

/// <summary>Appends the input and the output of a response to its conversation before the response has ended. A response that failed adds nothing, so that its request can be sent again.</summary>
internal sealed partial class ConversationRecorder(IConversationStore conversations, ITaskStore tasks, IEventLog log, ILogger<ConversationRecorder> logger) : ITaskEndHandler
{
    private const int PageEntries = 1024;

    public async ValueTask OnEndingAsync(TaskRecord ended, CancellationToken cancellationToken)
    {
        if (ended.State == TaskState.Failed || ResponsesTask.Find(ended.Request) is not { Conversation: { } conversation } response)
            return;

        try
        {
            var items = await ReadItemsAsync(ended, response.EarlierMessages, cancellationToken);
            var addition = new ConversationAddition(items, ended.EndedAt!.Value) { Agent = ended.Request.Agent };
            await conversations.AppendAsync(ended.Request.Owner, conversation, addition, cancellationToken);
        }
        catch (Exception exception) when (exception is LogNotFoundException or LogDamagedException or JsonException)
        {
            // No later attempt would succeed, and the task would never end.
            NotAppended(ended.Id, conversation, exception);
        }
    }

    private async ValueTask<IReadOnlyList<ConversationItem>> ReadItemsAsync(TaskRecord ended, int earlierMessages, CancellationToken cancellationToken)
    {
        var input = await tasks.GetInputAsync(ended.Id, cancellationToken) ?? throw new LogNotFoundException(ended.Id);
        var answer = new ResponsesAnswer(ended.Request);
        long offset = 0;
        while (await log.ReadAsync(ended.Id, offset, PageEntries, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (var entry in page.Span)
                answer.Add(entry);

            offset = page.Span[^1].Offset;
        }

        return [.. ResponsesInputItems.List(ended.Id, input, earlierMessages), .. answer.ToItems()];
    }

    [LoggerMessage(1, LogLevel.Error, "Response {TaskId} could not be appended to its conversation {Conversation}")]
    private partial void NotAppended(TaskId taskId, string conversation, Exception exception);
}
