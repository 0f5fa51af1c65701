using System.Buffers;
using System.Text.Json;
using StreamRelay.Logs;
using StreamRelay.Tasks;

namespace StreamRelay.Conversations;

/// <summary>Builds the messages that continue the conversation of an earlier task.</summary>
public sealed class Conversation(ITaskStore tasks, IEventLog log)
{
    private const int PageEntries = 1024;

    /// <summary>A list with one user message.</summary>
    /// <param name="text">A UTF-8 JSON string.</param>
    public static ReadOnlyMemory<byte> UserMessage(ReadOnlyMemory<byte> text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var messages = new Utf8JsonWriter(buffer))
        {
            messages.WriteStartArray();
            Copy(text, messages);
            messages.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The messages of an earlier task, its answer as an assistant's message, then new messages.</summary>
    /// <param name="earlier">A task that has ended.</param>
    /// <param name="next">A UTF-8 JSON array of messages.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <returns>A UTF-8 JSON array of messages.</returns>
    /// <exception cref="LogNotFoundException">The earlier task was deleted.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ContinueAsync(TaskRecord earlier, ReadOnlyMemory<byte> next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var input = await tasks.GetInputAsync(earlier.Id, cancellationToken) ?? throw new LogNotFoundException(earlier.Id);
        var answer = await AnswerAsync(earlier.Id, cancellationToken);
        var buffer = new ArrayBufferWriter<byte>();
        using (var messages = new Utf8JsonWriter(buffer))
        {
            messages.WriteStartArray();
            Copy(input.Content, messages);
            answer.Write(messages);
            Copy(next, messages);
            messages.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private async ValueTask<ConversationAnswer> AnswerAsync(TaskId task, CancellationToken cancellationToken)
    {
        var answer = new ConversationAnswer();
        long offset = 0;
        while (await log.ReadAsync(task, offset, PageEntries, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (var entry in page.Span)
                answer.Add(entry.Event);

            offset = page.Span[^1].Offset;
        }

        return answer;
    }

    private static void Copy(ReadOnlyMemory<byte> content, Utf8JsonWriter messages)
    {
        using var json = JsonDocument.Parse(content);
        if (json.RootElement.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in json.RootElement.EnumerateArray())
                message.WriteTo(messages);

            return;
        }

        messages.WriteStartObject();
        messages.WriteString("role"u8, "user"u8);
        messages.WritePropertyName("content"u8);
        json.RootElement.WriteTo(messages);
        messages.WriteEndObject();
    }
}
