using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Chat;

/// <summary>Reads an answer of Chat Completions: chunks of a stream, or one document.</summary>
/// <remarks>It takes the forms of all servers that were seen, and fails on content that it cannot relay.</remarks>
/// <param name="relay">Publishes what is read.</param>
/// <param name="secrets">What no error may show.</param>
internal sealed class ChatAnswerReader(AnswerRelay relay, UpstreamSecrets secrets) : AnswerReader(relay, secrets)
{
    private static readonly string[] Reasoning = ["reasoning_content", "reasoning", "thinking"];

    private string? _choice;
    private TextMetadata _extras;
    private ReadOnlyMemory<byte> _others;

    private protected override async ValueTask AddAsync(JsonElement chunk, string name, CancellationToken cancellationToken)
    {
        if (chunk.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Malformed("something that is not a chunk of an answer");

        Relay.Use(AnswerUsage.Read(chunk));
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
        await Relay.DataAsync(others, cancellationToken);
    }

    private async ValueTask AddChoiceAsync(JsonElement choice, CancellationToken cancellationToken)
    {
        if (choice.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Field("choices[0]", choice.ValueKind);
        if (UpstreamError.Read(choice) is { } error && choice.Find("error") is not null)
            throw ToException(error);
        if ((_choice ??= choice.FindText("index")) is { } first && choice.FindText("index") is { } index && index != first)
            throw AnswerFault.Unsupported("a second choice");

        Relay.Use(AnswerUsage.Read(choice));

        // Servers that send both repeat the whole message beside each delta.
        if ((choice.Find("delta") ?? choice.Find("message") ?? choice.Find("text")) is { } message)
            await AddMessageAsync(choice, message, cancellationToken);
        else
            await Relay.DataAsync(AnswerExtras.OfChoice(choice), cancellationToken);
        if (choice.FindContent("finish_reason") is { } reason)
            Relay.Finish(reason.ValueKind == JsonValueKind.String ? reason.GetString()! : throw AnswerFault.Field("finish_reason", reason.ValueKind));
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
        await Relay.RestAsync(TakeExtras(ContentKind.Text), cancellationToken);
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
                await Relay.Files.AddImageAsync(part.Text, cancellationToken);
            else
                await AddTextAsync(part, cancellationToken);
        }
    }

    private ValueTask AddTextAsync(ContentPart part, CancellationToken cancellationToken)
    {
        var metadata = part.Extra.IsEmpty ? TakeExtras(part.Kind) : new(part.Kind == ContentKind.Refusal, default, default, part.Extra);
        return Relay.TextAsync(part.Kind == ContentKind.Reasoning ? StreamEventKind.Thought : StreamEventKind.Output, part.Text, metadata, cancellationToken);
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
            await Relay.TextAsync(StreamEventKind.Output, transcript, TakeExtras(ContentKind.Text), cancellationToken);
        if (audio.FindText("data") is { } data)
            Relay.Files.AddAudio(data);
    }

    private async ValueTask AddCallsAsync(JsonElement message, CancellationToken cancellationToken)
    {
        if (message.FindContent("function_call") is { } legacy)
            await Relay.Calls.AddAsync(AnswerToolPiece.Read(legacy), cancellationToken);
        if (message.FindContent("tool_calls") is not { } calls)
            return;

        foreach (var piece in AnswerToolPiece.ReadAll(calls))
            await Relay.Calls.AddAsync(piece, cancellationToken);
    }
}
