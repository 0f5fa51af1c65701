using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Reads an answer of OpenAI Responses: the events of a stream, or one document.</summary>
/// <remarks>A text comes in pieces, and then again as a whole in up to four events. What the pieces did not have is taken from those.</remarks>
/// <param name="relay">Publishes what is read.</param>
/// <param name="secrets">What no error may show.</param>
internal sealed class ResponsesAnswerReader(AnswerRelay relay, UpstreamSecrets secrets) : AnswerReader(relay, secrets)
{
    private static readonly string[] Common =
        ["type", "sequence_number", "output_index", "item_id", "content_index", "summary_index", "annotation_index", "logprobs", "obfuscation", "call_id", "name"];

    private static readonly string[] WholeFields = ["text", "refusal", "arguments", "input", "delta"];
    private static readonly string[] PieceFields = ["delta", "text"];

    private readonly ResponsesAnswerItems _items = new(relay);

    private protected override async ValueTask AddAsync(JsonElement json, string name, CancellationToken cancellationToken)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Malformed("something that is not an event of an answer");

        var type = json.FindText("type") ?? name;
        if (json.FindText("object") == "response")
            await EndAsync(json, json.FindText("status") ?? "", cancellationToken);
        else if (ResponsesEventName.Parse(type) is { } text)
            await AddTextAsync(json, text, cancellationToken);
        else
            await AddEventAsync(json, type, cancellationToken);
    }

    private async ValueTask AddTextAsync(JsonElement json, ResponsesEventName name, CancellationToken cancellationToken)
    {
        var field = Array.Find(name.IsWhole ? WholeFields : PieceFields, field => json.FindContent(field) is not null);
        await RestAsync(json, field, cancellationToken);
        if (field is null)
            return;

        var item = _items.Find(name.ItemType, json);
        var value = json.Find(field)!.Value;
        var text = name.ItemType == ResponsesItemType.Call ? AnswerToolPiece.ReadArguments(value) : ContentPart.ReadText(field, value);
        var place = (name.Kind, Part(json));
        if (name.IsWhole)
            await item.CompleteAsync(place, text, ResponsesAnswerItem.Logprobs(json), cancellationToken);
        else
            await item.AddAsync(place, text, ResponsesAnswerItem.Logprobs(json), cancellationToken);
    }

    private async ValueTask AddEventAsync(JsonElement json, string type, CancellationToken cancellationToken)
    {
        switch (type)
        {
            case "response.created" or "response.in_progress" or "response.queued" or "keepalive" or "ping":
                await RestAsync(json, "response", cancellationToken);
                break;
            case "response.output_item.added":
                await _items.BeginAsync(json, Object(json, "item"), cancellationToken);
                await RestAsync(json, "item", cancellationToken);
                break;
            case "response.output_item.done":
                await _items.EndAsync(json, Object(json, "item"), cancellationToken);
                await RestAsync(json, "item", cancellationToken);
                break;
            case "response.content_part.added" or "response.content_part.done" or "response.reasoning_summary_part.added" or "response.reasoning_summary_part.done":
                await AddPartAsync(json, Object(json, "part"), cancellationToken);
                await RestAsync(json, "part", cancellationToken);
                break;
            case "response.output_text.annotation.added":
                await _items.Find(ResponsesItemType.Message, json).AnnotateAsync([Object(json, "annotation")], cancellationToken);
                await RestAsync(json, "annotation", cancellationToken);
                break;
            case "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled":
                await RestAsync(json, "response", cancellationToken);
                await EndAsync(json.Find("response") is null ? default : Object(json, "response"), type["response.".Length..], cancellationToken);
                break;
            default:
                await Relay.DataAsync(AnswerExtras.Except(json, ["sequence_number"]), cancellationToken);
                break;
        }
    }

    private ValueTask AddPartAsync(JsonElement json, JsonElement part, CancellationToken cancellationToken) =>
        _items.Find(ResponsesAnswerItem.KindOf(part) == ResponsesTextKind.Summary || ResponsesAnswerItem.KindOf(part) == ResponsesTextKind.Reasoning ? ResponsesItemType.Reasoning : ResponsesItemType.Message, json)
            .AddPartAsync(part, Part(json), cancellationToken);

    private async ValueTask EndAsync(JsonElement response, string ending, CancellationToken cancellationToken)
    {
        Relay.Use(AnswerUsage.Read(response));
        await _items.CompleteAsync(response, cancellationToken);
        var status = response.FindText("status") is { } given and ("failed" or "cancelled" or "incomplete") ? given : ending;
        switch (status)
        {
            case "completed":
                Relay.Finish(_items.HasCalls ? "tool_calls" : "stop");
                break;
            case "incomplete":
                Relay.Finish(response.Find("incomplete_details")?.FindText("reason") ?? throw AnswerFault.Ended(status));
                break;
            case "failed":
                throw ToException(response.FindContent("error") is { } error ? UpstreamError.Describe(error) : UpstreamError.Describe(response));
            case "in_progress" or "queued":
                return;
            default:
                throw AnswerFault.Ended(status);
        }

        IsDone = true;
    }

    private static int Part(JsonElement json) => (int)((json.FindCount("content_index") ?? json.FindCount("summary_index") ?? 0) % int.MaxValue);

    /// <summary>Publishes the fields of an event that nobody knows.</summary>
    private ValueTask RestAsync(JsonElement json, string? field, CancellationToken cancellationToken) =>
        Relay.DataAsync(AnswerExtras.Except(json, Common, field), cancellationToken);
}
