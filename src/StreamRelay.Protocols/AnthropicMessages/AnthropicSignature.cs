using System.Buffers.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Protocols.AnthropicMessages;

/// <summary>The signature of reasoning. Clients give it back unchanged and nothing else, so it holds all that the model's server needs:
/// the server's own signature where that is all, else its fields, encoded.</summary>
/// <param name="Text">The signature; empty when there is none.</param>
/// <param name="IsEncrypted">Whether it is the encrypted reasoning itself.</param>
internal readonly record struct AnthropicSignature(string Text, bool IsEncrypted)
{
    private const string Prefix = "streamrelay:";
    private const string Details = "reasoning_details";
    private const string TextType = "reasoning.text";
    private const string EncryptedType = "reasoning.encrypted";
    private const string Signature = "signature";
    private const string Data = "data";

    /// <summary>The signature of a block of reasoning.</summary>
    /// <param name="hasText">Whether the reasoning has text.</param>
    /// <param name="extra">The fields of the model's server: a JSON object, or empty.</param>
    public static AnthropicSignature Of(bool hasText, ReadOnlyMemory<byte> extra)
    {
        if (extra.IsEmpty)
            return new("", false);

        var fields = JsonElement.Parse(extra.Span, JsonDepth.Document);
        return Plain(fields, hasText) ?? new(Prefix + Base64Url.EncodeToString(extra.Span), false);
    }

    /// <summary>The fields that a signature of a client stands for: an object; <see langword="null"/> when there are none.</summary>
    /// <param name="text">The text of the reasoning.</param>
    /// <param name="signature">The signature, or <see langword="null"/>.</param>
    public static JsonElement? Read(string text, string? signature) =>
        string.IsNullOrEmpty(signature) ? null : Decode(signature) ?? Detail(json =>
        {
            json.WriteString("type", TextType);
            json.WriteString("text", text);
            json.WriteString(Signature, signature);
        });

    /// <summary>The fields that encrypted reasoning of a client stands for: an object; <see langword="null"/> when there are none.</summary>
    public static JsonElement? ReadEncrypted(string? data) => string.IsNullOrEmpty(data) ? null : Detail(json =>
    {
        json.WriteString("type", EncryptedType);
        json.WriteString(Data, data);
    });

    /// <summary>Whether fields of a model's server hold a signature: the text after it is reasoning of its own.</summary>
    public static bool IsIn(ReadOnlyMemory<byte> extra) =>
        !extra.IsEmpty && (!JsonSlices.Member(extra, Signature).IsEmpty
            || JsonSlices.Items(JsonSlices.Member(extra, Details)).Any(static detail => HasText(detail, Signature) || HasText(detail, Data)));

    private static bool HasText(ReadOnlyMemory<byte> detail, string name) => JsonSlices.Member(detail, name) is { Length: > 2 } value && value.Span[0] == (byte)'"';

    /// <summary>The server's own signature, if it is all that the fields say; else <see langword="null"/>.</summary>
    private static AnthropicSignature? Plain(JsonElement fields, bool hasText)
    {
        if (fields.GetPropertyCount() != 1)
            return null;

        var field = fields.EnumerateObject().Single();
        if (field.Name == Signature && field.Value.ValueKind == JsonValueKind.String)
            return new(field.Value.GetString()!, false);
        if (field.Name != Details || field.Value.ValueKind != JsonValueKind.Array || field.Value.GetArrayLength() != 1)
            return null;

        // A detail may come after its text, with what follows the reasoning in between: a block without the text cannot stand for it.
        var detail = field.Value[0];
        return Only(detail, TextType, "text", Signature) is { } signature && hasText != HasValue(detail, "text", "") ? new(signature, false)
            : !hasText && Only(detail, EncryptedType, Data) is { } data ? new(data, true)
            : null;
    }

    /// <summary>The last of the fields, when a detail has this type and these fields and no other.</summary>
    private static string? Only(JsonElement detail, string type, params ReadOnlySpan<string> fields)
    {
        if (detail.ValueKind != JsonValueKind.Object || detail.GetPropertyCount() != fields.Length + 1 || !HasValue(detail, "type", type))
            return null;

        foreach (var name in fields)
        {
            if (!detail.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
                return null;
        }

        return detail.GetProperty(fields[^1]).GetString();
    }

    private static bool HasValue(JsonElement json, string name, string text) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static JsonElement? Decode(string signature)
    {
        if (!signature.StartsWith(Prefix, StringComparison.Ordinal))
            return null;

        try
        {
            var bytes = Base64Url.DecodeFromChars(signature.AsSpan(Prefix.Length));
            var fields = JsonElement.Parse(bytes, JsonDepth.Document);
            return fields.ValueKind == JsonValueKind.Object && InvalidUnicode.Find(bytes) is null ? fields : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Changed by the client: the server of the model has to judge it.
            return null;
        }
    }

    private static JsonElement Detail(Action<Utf8JsonWriter> write) => JsonElement.Parse(AgentEvents.Json(json =>
    {
        json.WriteStartArray(Details);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.WriteEndArray();
    }).Span);
}
