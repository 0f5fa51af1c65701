using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Conversations;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.OpenAiResponses;

/// <summary>Puts items in the place of references to them. Clients refer to the items of responses that are stored.</summary>
public sealed class ResponsesReferences(IConversationStore conversations, ITaskStore tasks, TaskReader reader, IOptions<LimitOptions> options)
{
    private const string Reference = "item_reference";

    // The input, its JSON and its items.
    private const long InputCopies = 3;

    // The bytes, and the JSON value with its own.
    private const long ResolvedCopies = 2;

    /// <summary>The input with the items.</summary>
    /// <param name="context">The request.</param>
    /// <param name="input">The input as the client sent it.</param>
    /// <param name="conversation">The conversation of the response, whose items can be referred to as well, or <see langword="null"/>.</param>
    /// <exception cref="RequestException">404, naming the reference: there is no such item, or it belongs to another owner;
    /// 413: with the items, the input is larger than a body may be.</exception>
    /// <exception cref="StreamRelay.Streams.MemoryBudgetException">The memory is used up.</exception>
    internal async ValueTask<JsonElement?> ResolveAsync(HttpContext context, JsonElement? input, string? conversation)
    {
        if (input is not { ValueKind: JsonValueKind.Array } list || !list.EnumerateArray().Any(IsReference))
            return input;

        Dictionary<TaskId, IReadOnlyList<ConversationItem>> known = [];
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (item, index) in list.EnumerateArray().Select(static (item, index) => (item, index)))
            {
                if (IsReference(item))
                    json.WriteRawValue((await FindAsync(context, item.RequiredText("id", $"input[{index}]"), conversation, known) ?? throw NotFound(item, index)).Json.Span);
                else
                    item.WriteTo(json);

                // One short reference can stand for an item of any size, and can be repeated.
                if (json.BytesCommitted + json.BytesPending > options.Value.BodyBytes)
                    throw TooLarge();
            }

            json.WriteEndArray();
        }

        RequestMemory.Take(context, ResolvedCopies * buffer.WrittenCount);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private async ValueTask<ConversationItem?> FindAsync(
        HttpContext context, string id, string? conversation, Dictionary<TaskId, IReadOnlyList<ConversationItem>> known)
    {
        // The ids of the items of a response contain that of its task.
        if (id.Split('_') is [_, var text, _] && TaskId.TryParse(text, out var task))
        {
            if (!known.TryGetValue(task, out var items))
                known[task] = items = await ReadAsync(context, text);
            if (items.FirstOrDefault(item => item.Id == id) is { } found)
                return found;
        }

        return conversation is null ? null : await conversations.FindItemAsync(context.GetOwner(), conversation, id, context.RequestAborted);
    }

    private async ValueTask<IReadOnlyList<ConversationItem>> ReadAsync(HttpContext context, string id)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task || await tasks.GetInputAsync(task.Id, context.RequestAborted) is not { } input)
            return [];

        RequestMemory.Take(context, InputCopies * input.Content.Length);
        var answer = new ResponsesAnswer(task.Request);
        await reader.ReadToHeadAsync(context, task, long.MaxValue, entry => answer.Add(entry));
        return [.. ResponsesInputItems.List(task.Id, input), .. answer.ToItems()];
    }

    private static bool IsReference(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.Optional("type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals(Reference);

    private static RequestException NotFound(JsonElement item, int index) =>
        RequestException.NotFound($"There is no item '{item.OptionalText("id")}'.", "item_not_found", $"input[{index}].id");

    private RequestException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge,
        new($"With the items that 'input' refers to, it is larger than {options.Value.BodyBytes} bytes ({LimitOptions.Section}:BodyBytes).", "invalid_request_error", "input", "body_too_large"));
}
