using System.Text;
using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>One block of an answer: text, reasoning, a tool call, or something of the server itself.</summary>
/// <param name="relay">Publishes what is read.</param>
/// <param name="index">The index that the server gave, or <see langword="null"/>.</param>
/// <param name="order">How many blocks began before.</param>
internal sealed class MessagesBlock(AnswerRelay relay, string? index, int order)
{
    private static readonly string[] KnownOfText = ["type", "text", "thinking", "signature", "citations"];
    private static readonly string[] KnownOfRedacted = ["type", "data"];
    private static readonly string[] KnownOfCall = ["type", "id", "name", "input"];
    private static readonly string[] KnownOfDelta = ["type", "text", "thinking", "signature", "partial_json", "citation"];

    private static readonly string[] Deltas = ["text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta"];

    private readonly StringBuilder _reasoning = new();
    private readonly StringBuilder _signature = new();
    private readonly StringBuilder _arguments = new();
    private string _type = "";
    private JsonElement? _input;

    public string? Index => index;

    /// <summary>Whether its end came.</summary>
    public bool IsEnded { get; private set; }

    // What the server runs itself, such as a search.
    private bool IsOfServer => _type is not "tool_use" && (_type.EndsWith("tool_use", StringComparison.Ordinal) || _type.EndsWith("_result", StringComparison.Ordinal));

    /// <summary>Begins it. Some servers send the whole block here, and no pieces.</summary>
    /// <exception cref="AgentException">It cannot be relayed.</exception>
    public async ValueTask BeginAsync(JsonElement block, CancellationToken cancellationToken)
    {
        _type = block.FindText("type") ?? "text";
        if (IsOfServer)
        {
            await relay.DataAsync(AnswerValues.Encode(block), cancellationToken);
            return;
        }

        switch (_type)
        {
            case "text" or "thinking":
                await AddTextAsync(block, cancellationToken);
                await relay.DataAsync(AnswerExtras.Except(block, KnownOfText), cancellationToken);
                break;
            case "redacted_thinking":
                _signature.Append(block.FindContent("data") is { } data ? ContentPart.ReadText("data", data) : "");
                await relay.DataAsync(AnswerExtras.Except(block, KnownOfRedacted), cancellationToken);
                break;
            case "tool_use":
                _input = block.FindContent("input");
                await AddCallAsync(new(block.FindText("id"), $"{order}", block.FindText("name"), "", AnswerExtras.Except(block, KnownOfCall)), cancellationToken);
                break;
            default:
                throw AnswerFault.Unsupported($"a block of the type '{_type}'");
        }
    }

    /// <summary>Adds a piece.</summary>
    /// <exception cref="AgentException">It cannot be relayed.</exception>
    public async ValueTask AddAsync(JsonElement delta, CancellationToken cancellationToken)
    {
        if (IsOfServer)
        {
            await relay.DataAsync(AnswerValues.Encode(delta), cancellationToken);
            return;
        }

        if (delta.FindText("type") is { } type && !Deltas.Contains(type))
            throw AnswerFault.Unsupported($"a piece of the type '{type}'");

        await AddTextAsync(delta, cancellationToken);
        if (delta.FindContent("partial_json") is { } json)
            await AddCallAsync(new(null, $"{order}", null, AnswerToolPiece.ReadArguments(json), default), cancellationToken);
        if (delta.FindContent("citation") is { } citation)
            await AddCitationAsync(citation, cancellationToken);

        await relay.DataAsync(AnswerExtras.Except(delta, KnownOfDelta), cancellationToken);
    }

    /// <summary>Ends it: publishes what is known only with its end.</summary>
    /// <exception cref="AgentException">The arguments of a call are not what its pieces say.</exception>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (IsEnded)
            return;

        IsEnded = true;
        if (_input is { } input)
            await AddInputAsync(input, cancellationToken);
        if (_reasoning.Length + _signature.Length > 0)
            await relay.ReasoningDetailAsync(WriteReasoning, cancellationToken);
    }

    private async ValueTask AddTextAsync(JsonElement json, CancellationToken cancellationToken)
    {
        if (json.FindContent("thinking") is { } thinking)
        {
            var text = ContentPart.ReadText("thinking", thinking);
            _reasoning.Append(text);
            await relay.TextAsync(StreamEventKind.Thought, text, default, cancellationToken);
        }

        if (json.FindContent("signature") is { } signature)
            _signature.Append(ContentPart.ReadText("signature", signature));
        if (json.FindContent("text") is { } answer)
            await relay.TextAsync(StreamEventKind.Output, ContentPart.ReadText("text", answer), default, cancellationToken);

        foreach (var citation in json.Find("citations", JsonValueKind.Array)?.EnumerateArray() ?? default)
            await AddCitationAsync(citation, cancellationToken);
    }

    /// <summary>Publishes a page that the text cites as an annotation, and another source as data.</summary>
    private ValueTask AddCitationAsync(JsonElement citation, CancellationToken cancellationToken) =>
        citation.FindText("url") is null
            ? relay.DataAsync(AgentEvents.Json(json => json.WriteValue("citation", citation)), cancellationToken)
            : relay.TextAsync(StreamEventKind.Output, "", new(false, default, AnswerAnnotation.List(citation), default), cancellationToken);

    private async ValueTask AddInputAsync(JsonElement input, CancellationToken cancellationToken)
    {
        var arguments = AnswerToolPiece.ReadArguments(input);
        if (_arguments.Length == 0)
            await AddCallAsync(new(null, $"{order}", null, arguments, default), cancellationToken);
        else if (!AnswerToolPiece.IsSame(arguments, _arguments.ToString()))
            throw AnswerFault.Malformed("a tool call whose input differs from its pieces");
    }

    private ValueTask AddCallAsync(AnswerToolPiece piece, CancellationToken cancellationToken)
    {
        _arguments.Append(piece.Arguments);
        return relay.Calls.AddAsync(piece, cancellationToken);
    }

    private void WriteReasoning(Utf8JsonWriter json)
    {
        var isEncrypted = _type == "redacted_thinking";
        json.WriteString("type"u8, isEncrypted ? "reasoning.encrypted"u8 : "reasoning.text"u8);
        if (!isEncrypted)
            json.WriteString("text"u8, _reasoning.ToString());
        if (_signature.Length > 0)
            json.WriteString(isEncrypted ? "data"u8 : "signature"u8, _signature.ToString());
    }
}
