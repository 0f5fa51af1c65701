using System.Security.Cryptography;
using System.Text.Json;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AiSdk;

/// <summary>Reads the UI messages of a chat as a conversation.</summary>
/// <param name="options">Keeps the parts that have no place in a conversation.</param>
internal sealed class AiSdkMessages(OptionsBuilder options)
{
    private static readonly string[] SignatureNames = ["signature", "redactedData", "reasoningEncryptedContent", "thoughtSignature"];
    private static readonly string[] Roles = ["system", "user", "assistant"];

    private readonly ConversationBuilder _conversation = new();

    /// <exception cref="RequestException">400, naming the message that is wrong.</exception>
    public IReadOnlyList<ConversationMessage> Read(JsonElement? messages)
    {
        MessageList.Read(messages, "messages", ReadMessage);
        return _conversation.Messages;
    }

    /// <summary>The hash of the last message; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> Fingerprint(JsonElement messages) =>
        messages.GetArrayLength() is var count and > 0 ? SHA256.HashData(messages[count - 1].Raw().Span) : default;

    private void ReadMessage(JsonElement message, string name)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw JsonFields.Wrong(name, "an object");
        if (message.OptionalText("role") is not { } role || !Roles.Contains(role))
            throw JsonFields.Wrong($"{name}.role", $"one of {string.Join(", ", Roles)}");
        if (message.Optional("parts") is not { ValueKind: JsonValueKind.Array } list
            || list.EnumerateArray().Any(static part => part.ValueKind != JsonValueKind.Object))
        {
            throw JsonFields.Wrong($"{name}.parts", "a list of parts");
        }

        (JsonElement Part, string Name)[] parts = [.. list.EnumerateArray().Select((part, index) => (part, $"{name}.parts[{index}]"))];
        if (role != "assistant")
        {
            _conversation.Add(role, [.. parts.Select(part => ReadPart(part.Part, part.Name)).OfType<ConversationPart>()]);
            return;
        }

        List<(JsonElement, string)> step = [];
        foreach (var part in parts)
        {
            if (part.Part.OptionalText("type") == "step-start")
                AddStep(step);
            else
                step.Add(part);
        }

        AddStep(step);
    }

    /// <summary>Adds the text and the calls of one step of an assistant, then the results of the calls.</summary>
    private void AddStep(List<(JsonElement Part, string Name)> step)
    {
        List<ConversationPart> parts = [];
        List<ToolResultPart> results = [];
        foreach (var (part, name) in step)
        {
            if (!AiSdkTool.Is(part))
            {
                parts.AddRange(ReadPart(part, name) is { } read ? [read] : []);
            }
            else if (AiSdkTool.Read(part, name) is { } tool)
            {
                parts.Add(tool.Call);
                results.AddRange(tool.Result is { } result ? [result] : []);
            }
        }

        var extras = step.SelectMany(static part => UpstreamFields.ToExtras(UpstreamFields.Find(part.Part, "providerMetadata"))).DistinctBy(static field => field.Key);
        if (parts.Count > 0)
            _conversation.Add("assistant", parts, extras.ToDictionary());

        step.Clear();

        results.ForEach(_conversation.AddResult);
    }

    /// <returns><see langword="null"/> for a part that is only for the front end, or has no place in a conversation.</returns>
    private ConversationPart? ReadPart(JsonElement part, string name)
    {
        var type = part.RequiredText("type", name);
        switch (type)
        {
            case "text":
                return new TextPart(part.RequiredText("text", name));
            case "reasoning":
                return new ReasoningPart(part.RequiredText("text", name), Signature(part));
            case "file":
                options.AddPart(part, name, AiSdkFields.PartFields);
                return ReadFile(part, name);
        }

        var known = type.StartsWith("data-", StringComparison.Ordinal) ? "data-" : type;
        if (AiSdkFields.Parts.GetValueOrDefault(known, FieldHandling.Untranslated) == FieldHandling.Untranslated)
            options.KeepUntranslated(name, part);

        return null;
    }

    private static MediaPart ReadFile(JsonElement part, string name)
    {
        var mediaType = part.OptionalText("mediaType");
        var media = new MediaPart(MediaPart.KindOf(mediaType)) { MediaType = mediaType, Name = part.OptionalText("filename"), Field = name };
        return media.At(part.RequiredText("url", name));
    }

    /// <summary>The signature of reasoning, which each provider puts under a name of its own.</summary>
    private static string? Signature(JsonElement part) => part.Optional("providerMetadata") is not { ValueKind: JsonValueKind.Object } providers ? null
        : providers.EnumerateObject()
            .Where(static provider => provider.Name != UpstreamFields.Upstream && provider.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(static provider => provider.Value.EnumerateObject())
            .Where(static field => SignatureNames.Contains(field.Name) && field.Value.ValueKind == JsonValueKind.String)
            .Select(static field => field.Value.GetString())
            .FirstOrDefault();
}
