using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Reads an answer of Chat Completions: chunks of a stream, or one document.</summary>
/// <remarks>It takes the forms of all servers that were seen, and fails on content that it cannot relay.</remarks>
/// <param name="relay">Publishes what is read.</param>
/// <param name="key">The key that was sent to the server, which no error may show.</param>
internal sealed class ChatAnswerReader(AnswerRelay relay, string key)
{
    private static readonly string[] Reasoning = ["reasoning_content", "reasoning", "thinking"];

    private string? _choice;
    private TextMetadata _extras;
    private ReadOnlyMemory<byte> _others;

    /// <summary>Publishes the content of one frame.</summary>
    /// <exception cref="AgentException">The frame is an error, or cannot be read.</exception>
    public async ValueTask AddAsync(AnswerFrame frame, CancellationToken cancellationToken)
    {
        if (frame.IsPing)
            return;
        if (frame.IsError)
            throw ReadError(frame).ToException(key);

        foreach (var json in AnswerValues.Parse(frame.Json))
            await AddChunkAsync(json, cancellationToken);
    }

    private static UpstreamError ReadError(AnswerFrame frame)
    {
        try
        {
            return UpstreamError.Describe(JsonElement.Parse(frame.Data));
        }
        catch (JsonException)
        {
            return new(frame.Data, null);
        }
    }

    private async ValueTask AddChunkAsync(JsonElement chunk, CancellationToken cancellationToken)
    {
        if (UpstreamError.Read(chunk) is { } error)
            throw error.ToException(key);
        if (chunk.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Malformed("something that is not a chunk of an answer");

        relay.Use(AnswerUsage.Read(chunk));
        await AddOthersAsync(chunk, cancellationToken);
        if (chunk.Find("choices") is not { } choices)
            return;
        if (choices.ValueKind != JsonValueKind.Array)
            throw AnswerFault.Field("choices", choices.ValueKind);

        foreach (var choice in choices.EnumerateArray())
            await AddChoiceAsync(choice, cancellationToken);
    }

    /// <summary>Publishes what belongs to no chunk, such as the sources of an answer; some servers repeat it in every chunk.</summary>
    private async ValueTask AddOthersAsync(JsonElement chunk, CancellationToken cancellationToken)
    {
        var others = chunk.FindText("type") is "ping" or "heartbeat" ? default : AnswerExtras.OfChunk(chunk);
        if (others.IsEmpty || others.Span.SequenceEqual(_others.Span))
            return;

        _others = others;
        await relay.DataAsync(others, cancellationToken);
    }

    private async ValueTask AddChoiceAsync(JsonElement choice, CancellationToken cancellationToken)
    {
        if (choice.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Field("choices[0]", choice.ValueKind);
        if (UpstreamError.Read(choice) is { } error && choice.Find("error") is not null)
            throw error.ToException(key);
        if ((_choice ??= choice.FindText("index")) is { } first && choice.FindText("index") is { } index && index != first)
            throw AnswerFault.Unsupported("a second choice");

        relay.Use(AnswerUsage.Read(choice));

        // Servers that send both repeat the whole message beside each delta.
        if ((choice.Find("delta") ?? choice.Find("message") ?? choice.Find("text")) is { } message)
            await AddMessageAsync(choice, message, cancellationToken);
        else
            await relay.DataAsync(AnswerExtras.OfChoice(choice), cancellationToken);
        if (choice.FindContent("finish_reason") is { } reason)
            relay.Finish(reason.ValueKind == JsonValueKind.String ? reason.GetString()! : throw AnswerFault.Field("finish_reason", reason.ValueKind));
    }

    private async ValueTask AddMessageAsync(JsonElement choice, JsonElement message, CancellationToken cancellationToken)
    {
        if (message.ValueKind is not (JsonValueKind.Object or JsonValueKind.String))
            throw AnswerFault.Field("delta", message.ValueKind);

        _extras = AnswerExtras.Read(choice, message);
        if (message.ValueKind == JsonValueKind.String)
            await AddContentAsync("delta", message, ContentKind.Text, cancellationToken);
        foreach (var (name, reasoning) in FindReasoning(message))
            await AddContentAsync(name, reasoning, ContentKind.Reasoning, cancellationToken);
        if (message.FindContent("content") is { } content)
            await AddContentAsync("content", content, ContentKind.Text, cancellationToken);
        if (message.FindContent("refusal") is { } refusal)
            await AddContentAsync("refusal", refusal, ContentKind.Refusal, cancellationToken);
        if (message.FindContent("images") is { } images)
            await AddContentAsync("images", images, ContentKind.Text, cancellationToken);
        if (message.FindContent("audio") is { } audio)
            await AddAudioAsync(audio, cancellationToken);

        await AddCallsAsync(message, cancellationToken);
        await relay.RestAsync(TakeExtras(ContentKind.Text), cancellationToken);
    }

    /// <summary>The reasoning. Some servers send it under two names.</summary>
    private static IEnumerable<(string Name, JsonElement Value)> FindReasoning(JsonElement message) =>
        Reasoning.Select(name => (Name: name, Value: message.FindContent(name))).Where(field => field.Value is not null)
            .Select(field => (field.Name, field.Value!.Value)).DistinctBy(field => field.Item2.GetRawText());

    private async ValueTask AddContentAsync(string name, JsonElement content, ContentKind kind, CancellationToken cancellationToken)
    {
        foreach (var part in ContentPart.Read(name, content, kind))
        {
            if (part.Kind == ContentKind.Image)
                await relay.Files.AddImageAsync(part.Text, cancellationToken);
            else
                await AddTextAsync(part, cancellationToken);
        }
    }

    private ValueTask AddTextAsync(ContentPart part, CancellationToken cancellationToken)
    {
        var metadata = part.Extra.IsEmpty ? TakeExtras(part.Kind) : new(part.Kind == ContentKind.Refusal, default, default, part.Extra);
        return relay.TextAsync(part.Kind == ContentKind.Reasoning ? StreamEventKind.Thought : StreamEventKind.Output, part.Text, metadata, cancellationToken);
    }

    /// <summary>What belongs to the first text of a message; logprobs and annotations belong to the answer, not to the reasoning.</summary>
    private TextMetadata TakeExtras(ContentKind kind)
    {
        var extras = _extras with { IsRefusal = kind == ContentKind.Refusal };
        if (kind == ContentKind.Reasoning)
        {
            _extras = _extras with { Extra = default };
            return new(false, default, default, extras.Extra);
        }

        _extras = default;
        return extras;
    }

    private async ValueTask AddAudioAsync(JsonElement audio, CancellationToken cancellationToken)
    {
        if (audio.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Field("audio", audio.ValueKind);
        if (audio.FindText("transcript") is { } transcript)
            await relay.TextAsync(StreamEventKind.Output, transcript, TakeExtras(ContentKind.Text), cancellationToken);
        if (audio.FindText("data") is { } data)
            relay.Files.AddAudio(data);
    }

    private async ValueTask AddCallsAsync(JsonElement message, CancellationToken cancellationToken)
    {
        if (message.FindContent("function_call") is { } legacy)
            await relay.Calls.AddAsync(AnswerToolPiece.Read(legacy), cancellationToken);
        if (message.FindContent("tool_calls") is not { } calls)
            return;

        foreach (var piece in AnswerToolPiece.ReadAll(calls))
            await relay.Calls.AddAsync(piece, cancellationToken);
    }
}
