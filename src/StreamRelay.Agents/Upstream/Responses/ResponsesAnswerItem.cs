using System.Text;
using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>One item of an answer.</summary>
/// <param name="relay">Publishes what is read.</param>
/// <param name="type">Its type.</param>
/// <param name="order">How many items began before.</param>
internal sealed class ResponsesAnswerItem(AnswerRelay relay, ResponsesItemType type, int order)
{
    private const string Extra = "x_extra";
    private const string Separator = "\n\n";

    private static readonly string[] KnownOfText = ["id", "type", "status", "role", "content", "summary", "encrypted_content", Extra];
    private static readonly string[] KnownOfCall = ["id", "type", "status", "call_id", "name", "arguments", "input", Extra];

    private static readonly string[] KnownOfPart = ["type", "text", "refusal", "annotations", "logprobs"];

    private readonly ResponsesTexts _texts = new();
    private readonly HashSet<string> _published = [];
    private string? _callId;
    private string? _name;
    private bool _isCustom;

    /// <summary>The id that the server gave, or <see langword="null"/>.</summary>
    public string? Id { get; init; }

    /// <summary>The index that the server gave, or <see langword="null"/>.</summary>
    public string? Index { get; init; }

    public ResponsesItemType Type => type;

    /// <summary>Whether its beginning came.</summary>
    public bool IsBegun { get; private set; }

    /// <summary>Whether the whole item came.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>The type of an item.</summary>
    public static ResponsesItemType TypeOf(JsonElement item) => item.FindText("type") switch
    {
        "message" => ResponsesItemType.Message,
        null when (item.Find("summary") ?? item.Find("encrypted_content")) is not null => ResponsesItemType.Reasoning,
        null when item.Find("call_id") is not null => ResponsesItemType.Call,
        null => ResponsesItemType.Message,
        "reasoning" => ResponsesItemType.Reasoning,
        "function_call" or "custom_tool_call" => ResponsesItemType.Call,
        "image_generation_call" => ResponsesItemType.Image,
        _ => ResponsesItemType.Other,
    };

    /// <summary>The kind of the text of a part.</summary>
    /// <exception cref="AgentException">It is a part that cannot be relayed.</exception>
    public static ResponsesTextKind KindOf(JsonElement part) => part.FindText("type") switch
    {
        "output_text" or "text" or "input_text" or null => ResponsesTextKind.Text,
        "refusal" => ResponsesTextKind.Refusal,
        "summary_text" => ResponsesTextKind.Summary,
        "reasoning_text" => ResponsesTextKind.Reasoning,
        var other => throw AnswerFault.Unsupported($"a part of the type '{other}'"),
    };

    /// <summary>The probabilities of tokens in an event or a part, as Chat Completions has them; empty when there are none.</summary>
    public static ReadOnlyMemory<byte> Logprobs(JsonElement json) => json.FindContent("logprobs") is { ValueKind: JsonValueKind.Array } tokens
        ? AgentEvents.Json(output => output.WriteValue("content", tokens))
        : default;

    /// <summary>Begins it.</summary>
    public ValueTask BeginAsync(JsonElement item, CancellationToken cancellationToken)
    {
        IsBegun = true;
        return FillAsync(item, cancellationToken);
    }

    /// <summary>Publishes what the whole item has, and its events did not.</summary>
    public async ValueTask EndAsync(JsonElement item, CancellationToken cancellationToken)
    {
        await FillAsync(item, cancellationToken);
        IsEnded = true;
        if (type == ResponsesItemType.Image && item.FindText("result") is { } image && _published.Add("result"))
            await relay.Files.AddImageAsync($"data:image/{item.FindText("output_format") ?? "png"};base64,{image}", cancellationToken);
        else if (type == ResponsesItemType.Other && _published.Add("item"))
            await relay.DataAsync(AnswerValues.Encode(item), cancellationToken);
        else if (type == ResponsesItemType.Reasoning && item.FindContent("encrypted_content") is { } content)
            await AddDetailAsync(ContentPart.ReadText("encrypted_content", content), cancellationToken);
    }

    /// <summary>Adds a piece of a text.</summary>
    /// <param name="place">The kind of the text, and the part that it belongs to.</param>
    /// <param name="text">The piece.</param>
    /// <param name="logprobs">The probabilities of its tokens, or empty.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async ValueTask AddAsync((ResponsesTextKind Kind, int Part) place, string text, ReadOnlyMemory<byte> logprobs, CancellationToken cancellationToken)
    {
        var isNext = _texts.Append(place, text);
        if (type == ResponsesItemType.Call)
            await AddCallAsync(text, default, cancellationToken);
        else if (type == ResponsesItemType.Reasoning)
            await relay.TextAsync(StreamEventKind.Thought, isNext ? Separator + text : text, default, cancellationToken);
        else
            await relay.TextAsync(StreamEventKind.Output, text, new(place.Kind == ResponsesTextKind.Refusal, logprobs, default, default), cancellationToken);
    }

    /// <summary>Adds what a whole text has, and its pieces did not.</summary>
    /// <exception cref="AgentException">It is not what the pieces say.</exception>
    public async ValueTask CompleteAsync((ResponsesTextKind Kind, int Part) place, string text, ReadOnlyMemory<byte> logprobs, CancellationToken cancellationToken)
    {
        if (_texts.FindRest(place, text) is { Length: > 0 } rest)
            await AddAsync(place, rest, rest.Length == text.Length ? logprobs : default, cancellationToken);
    }

    /// <summary>Adds what a whole part has, and its pieces did not.</summary>
    public async ValueTask AddPartAsync(JsonElement part, int index, CancellationToken cancellationToken)
    {
        if (part.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Field("part", part.ValueKind);

        if ((part.FindContent("text") ?? part.FindContent("refusal")) is { } text)
            await CompleteAsync((KindIn(part), index), ContentPart.ReadText("text", text), Logprobs(part), cancellationToken);

        await AnnotateAsync(part.Find("annotations", JsonValueKind.Array)?.EnumerateArray() ?? default, cancellationToken);
        if (AnswerExtras.Except(part, KnownOfPart) is { IsEmpty: false } rest && _published.Add(Encoding.UTF8.GetString(rest.Span)))
            await relay.DataAsync(rest, cancellationToken);
    }

    /// <summary>Publishes citations that were not published. A page is an annotation, and another source data.</summary>
    public async ValueTask AnnotateAsync(IEnumerable<JsonElement> annotations, CancellationToken cancellationToken)
    {
        foreach (var annotation in annotations.Where(annotation => _published.Add(annotation.GetRawText())))
        {
            if (annotation.ValueKind == JsonValueKind.Object && annotation.FindText("url") is not null)
                await relay.TextAsync(StreamEventKind.Output, "", new(false, default, AnswerAnnotation.List(annotation), default), cancellationToken);
            else
                await relay.DataAsync(AnswerValues.Encode(annotation), cancellationToken);
        }
    }

    private ResponsesTextKind KindIn(JsonElement part) =>
        KindOf(part) is var kind && kind == ResponsesTextKind.Text && type == ResponsesItemType.Reasoning ? ResponsesTextKind.Reasoning : kind;

    private async ValueTask FillAsync(JsonElement item, CancellationToken cancellationToken)
    {
        if (type == ResponsesItemType.Call)
            await FillCallAsync(item, cancellationToken);
        if (type is not (ResponsesItemType.Message or ResponsesItemType.Reasoning))
            return;

        _texts.BeginList();
        await AddPartsAsync(item.FindContent("summary"), cancellationToken);
        await AddPartsAsync(item.FindContent("content"), cancellationToken);
        var kind = type == ResponsesItemType.Reasoning ? StreamEventKind.Thought : StreamEventKind.Output;
        if (TakeExtras(item) is { IsEmpty: false } extra)
            await relay.TextAsync(kind, "", new(false, default, default, extra), cancellationToken);
    }

    private async ValueTask AddPartsAsync(JsonElement? parts, CancellationToken cancellationToken)
    {
        if (parts is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var (index, part) in list.EnumerateArray().Index())
                await AddPartAsync(part, index, cancellationToken);
        }
        else if (parts is { } text)
        {
            var kind = type == ResponsesItemType.Reasoning ? ResponsesTextKind.Reasoning : ResponsesTextKind.Text;
            await CompleteAsync((kind, 0), ContentPart.ReadText("content", text), default, cancellationToken);
        }
    }

    private async ValueTask FillCallAsync(JsonElement item, CancellationToken cancellationToken)
    {
        _isCustom = item.FindText("type") == "custom_tool_call";
        _callId ??= item.FindText("call_id") ?? item.FindText("id");
        _name ??= item.FindText("name");
        await AddCallAsync("", TakeExtras(item), cancellationToken);
        if ((item.FindContent("arguments") ?? item.FindContent("input")) is { } arguments)
            await CompleteAsync((_isCustom ? ResponsesTextKind.Input : ResponsesTextKind.Arguments, 0), AnswerToolPiece.ReadArguments(arguments), default, cancellationToken);
    }

    private ValueTask AddCallAsync(string arguments, ReadOnlyMemory<byte> extra, CancellationToken cancellationToken)
    {
        var name = _name is not null && _published.Add("name") ? _name : null;
        return relay.Calls.AddAsync(new(_callId, $"{order}", name, arguments, extra) { IsCustom = _isCustom }, cancellationToken);
    }

    /// <summary>Publishes what the model needs to go on from its reasoning.</summary>
    private ValueTask AddDetailAsync(string encrypted, CancellationToken cancellationToken) => !_published.Add(encrypted) ? ValueTask.CompletedTask
        : relay.ReasoningDetailAsync(json =>
        {
            json.WriteString("type"u8, "reasoning.encrypted"u8);
            json.WriteString("data"u8, encrypted);
        }, cancellationToken);

    /// <summary>The fields that no protocol has and that were not taken; another StreamRelay has them in one member.</summary>
    private ReadOnlyMemory<byte> TakeExtras(JsonElement item)
    {
        var known = type == ResponsesItemType.Call ? KnownOfCall : KnownOfText;
        var fields = item.EnumerateObject().Where(field => !known.Contains(field.Name))
            .Concat(item.Find(Extra, JsonValueKind.Object)?.EnumerateObject() ?? default)
            .Where(field => !field.Value.IsEmpty() && _published.Add($"{field.Name}:{field.Value.GetRawText()}")).ToList();
        return fields.Count == 0 ? default : AgentEvents.Json(json =>
        {
            foreach (var field in fields)
                json.WriteValue(field.Name, field.Value);
        });
    }
}
