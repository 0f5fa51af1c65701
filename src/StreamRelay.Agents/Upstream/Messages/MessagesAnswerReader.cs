using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>Reads an answer of Anthropic Messages: the events of a stream, or one document.</summary>
/// <param name="relay">Publishes what is read.</param>
/// <param name="secrets">What no error may show.</param>
internal sealed class MessagesAnswerReader(AnswerRelay relay, UpstreamSecrets secrets) : AnswerReader(relay, secrets)
{
    private static readonly Dictionary<string, string[]> EventFields = new()
    {
        ["message_start"] = ["type", "message"],
        ["content_block_start"] = ["type", "index", "content_block"],
        ["content_block_delta"] = ["type", "index", "delta"],
        ["content_block_stop"] = ["type", "index"],
        ["message_delta"] = ["type", "delta", "usage"],
        ["message_stop"] = ["type"],
    };

    private static readonly string[] MessageFields =
        ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "stop_details", "usage", "container", "context_management"];

    private readonly MessagesUsage _usage = new();
    private readonly MessagesBlocks _blocks = new(relay);

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await _blocks.EndAsync(cancellationToken);
        await base.CompleteAsync(cancellationToken);
    }

    private protected override async ValueTask AddAsync(JsonElement json, string name, CancellationToken cancellationToken)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Malformed("something that is not an event of an answer");

        var type = json.FindText("type") ?? name;
        switch (type)
        {
            case "ping":
                return;
            case "message":
                await AddMessageAsync(json, isWhole: true, cancellationToken);
                return;
            case "message_start":
                await AddMessageAsync(Object(json, "message"), isWhole: false, cancellationToken);
                break;
            case "content_block_start":
                await _blocks.BeginAsync(json.FindText("index"), Object(json, "content_block"), cancellationToken);
                break;
            case "content_block_delta":
                await _blocks.AddAsync(json.FindText("index"), Object(json, "delta"), cancellationToken);
                break;
            case "content_block_stop":
                await _blocks.EndAsync(json.FindText("index"), cancellationToken);
                break;
            case "message_delta":
                await AddEndAsync(json, cancellationToken);
                break;
            case "message_stop":
                IsDone |= Relay.IsFinished;
                break;
            default:
                await Relay.DataAsync(AnswerValues.Encode(json), cancellationToken);
                return;
        }

        await Relay.DataAsync(AnswerExtras.Except(json, EventFields[type]), cancellationToken);
    }

    private async ValueTask AddMessageAsync(JsonElement message, bool isWhole, CancellationToken cancellationToken)
    {
        Relay.Use(_usage.Add(message, isWhole));
        if (message.FindContent("content") is { } content)
            await AddContentAsync(content, cancellationToken);

        await Relay.DataAsync(AnswerExtras.Except(message, MessageFields), cancellationToken);
        Finish(message);
    }

    private async ValueTask AddContentAsync(JsonElement content, CancellationToken cancellationToken)
    {
        if (content.ValueKind != JsonValueKind.Array)
            throw AnswerFault.Field("content", content.ValueKind);

        foreach (var block in content.EnumerateArray())
        {
            if (block.ValueKind != JsonValueKind.Object)
                throw AnswerFault.Field("content", block.ValueKind);

            await _blocks.BeginAsync(null, block, cancellationToken);
            await _blocks.EndAsync(null, cancellationToken);
        }
    }

    private async ValueTask AddEndAsync(JsonElement json, CancellationToken cancellationToken)
    {
        Relay.Use(_usage.Add(json, isWhole: true));
        if (json.Find("delta") is null)
            return;

        var delta = Object(json, "delta");
        await Relay.DataAsync(AnswerExtras.Except(delta, MessageFields), cancellationToken);
        Finish(delta);
    }

    private void Finish(JsonElement json)
    {
        if (json.FindContent("stop_reason") is { } reason)
            Relay.Finish(reason.ValueKind == JsonValueKind.String ? reason.GetString()! : throw AnswerFault.Field("stop_reason", reason.ValueKind));
    }
}
