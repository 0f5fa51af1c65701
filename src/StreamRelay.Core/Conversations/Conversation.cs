using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Conversations;

/// <summary>Builds the messages that continue the conversation of an earlier task.</summary>
public sealed partial class Conversation(ITaskStore tasks, IEventLog log, IOptions<StreamOptions> options, ILogger<Conversation> logger)
{
    private const int PageEntries = 1024;

    /// <summary>A list with one user message.</summary>
    /// <param name="text">A UTF-8 JSON string.</param>
    public static ReadOnlyMemory<byte> UserMessage(ReadOnlyMemory<byte> text) => ToMessages(text);

    /// <summary>The messages of an earlier task, its answer as an assistant's message, then new messages. Earlier turns that are together larger than
    /// <see cref="StreamOptions.ConversationBytes"/> are left out, the oldest first.</summary>
    /// <param name="earlier">A task that has ended.</param>
    /// <param name="next">A UTF-8 JSON array of messages.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="LogNotFoundException">The earlier task was deleted.</exception>
    public async ValueTask<ContinuedConversation> ContinueAsync(TaskRecord earlier, ReadOnlyMemory<byte> next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var input = await tasks.GetInputAsync(earlier.Id, cancellationToken) ?? throw new LogNotFoundException(earlier.Id);
        var answer = await AnswerAsync(earlier.Id, cancellationToken);
        var continued = Join(ToMessages(input.Content), answer, next);
        if (!continued.IsWhole)
            TurnsLeftOut(earlier.Id, options.Value.ConversationBytes);

        return continued;
    }

    /// <summary>Earlier messages, then new messages. Earlier turns that are together larger than <see cref="StreamOptions.ConversationBytes"/> are left out, the oldest first.</summary>
    /// <param name="earlier">A UTF-8 JSON array of messages.</param>
    /// <param name="next">A UTF-8 JSON array of messages.</param>
    public ContinuedConversation Continue(ReadOnlyMemory<byte> earlier, ReadOnlyMemory<byte> next) => Join(earlier, null, next);

    private ContinuedConversation Join(ReadOnlyMemory<byte> earlier, ConversationAnswer? answer, ReadOnlyMemory<byte> next)
    {
        using var json = JsonDocument.Parse(earlier);
        JsonElement[] all = [.. json.RootElement.EnumerateArray()];
        var (kept, keepsLast) = ConversationTurns.Select(all, answer?.Bytes ?? 0, options.Value.ConversationBytes);
        var keepsAnswer = answer is not null && keepsLast;
        var buffer = new ArrayBufferWriter<byte>();
        using (var messages = new Utf8JsonWriter(buffer))
        {
            messages.WriteStartArray();
            foreach (var message in kept)
                message.WriteTo(messages);

            if (keepsAnswer)
                answer!.Write(messages);

            Copy(next, messages);
            messages.WriteEndArray();
        }

        return new(buffer.WrittenMemory, kept.Count + (keepsAnswer ? 1 : 0), kept.Count == all.Length && keepsAnswer == answer is not null);
    }

    /// <summary>Reads the answer of a task, until it is larger than a conversation may be.</summary>
    private async ValueTask<ConversationAnswer> AnswerAsync(TaskId task, CancellationToken cancellationToken)
    {
        var answer = new ConversationAnswer();
        long offset = 0;
        while (answer.Bytes <= options.Value.ConversationBytes && await log.ReadAsync(task, offset, PageEntries, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (var entry in page.Span)
                answer.Add(entry.Event);

            offset = page.Span[^1].Offset;
        }

        return answer;
    }

    private static ReadOnlyMemory<byte> ToMessages(ReadOnlyMemory<byte> input)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var messages = new Utf8JsonWriter(buffer))
        {
            messages.WriteStartArray();
            Copy(input, messages);
            messages.WriteEndArray();
        }

        return buffer.WrittenMemory;
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

    [LoggerMessage(1, LogLevel.Information, "The conversation of task {TaskId} goes on without its oldest turns, because turns have at most {MaxBytes} bytes (StreamRelay:Streams:ConversationBytes)")]
    private partial void TurnsLeftOut(TaskId taskId, long maxBytes);
}
