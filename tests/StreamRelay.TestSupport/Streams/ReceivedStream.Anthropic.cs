using System.Buffers.Text;
using System.Text.Json;

namespace StreamRelay.TestSupport.Streams;

/// <content>Anthropic Messages.</content>
public sealed partial class ReceivedStream
{
    private const string FieldsPrefix = "streamrelay:";

    private readonly HashSet<string> _customCalls = [];
    private string _thinking = "";

    private void ApplyAnthropic(JsonElement frame)
    {
        switch (Field(frame, "type"))
        {
            case "content_block_start":
                BeginBlock(Index(frame), frame.GetProperty("content_block"));
                break;
            case "content_block_delta":
                AddToBlock(Index(frame), frame.GetProperty("delta"));
                break;
            case "message_delta":
                var delta = frame.GetProperty("delta");
                _ending = Field(delta, "x_status") is { Length: > 0 } status ? status : "completed";
                FinishReason = Reason(Field(delta, "stop_reason"));
                UseAnthropic(frame.GetProperty("usage"));
                break;
            case "message_stop":
                Status = _ending ?? throw new InvalidDataException("The message stops without a reason before.");
                break;
            case "error":
                var error = frame.GetProperty("error");
                (Status, Error) = ("failed", (Field(error, "code"), Field(error, "message")));
                break;
        }
    }

    private void BeginBlock(string index, JsonElement block)
    {
        _thinking = "";
        switch (Field(block, "type"))
        {
            case "text":
                TakeExtras(block, "x_extra");
                break;
            case "redacted_thinking":
                ReasoningDetails += $$"""[{"type":"reasoning.encrypted","data":"{{Field(block, "data")}}"}]""";
                break;
            case "tool_use":
                Begin(Field(block, "id"), Field(block, "name"));
                Sign(_calls[^1], block, "x_extra");
                _items[index] = _calls[^1];
                if (block.TryGetProperty("x_custom", out _))
                    _customCalls.Add(index);
                break;
        }
    }

    private void AddToBlock(string index, JsonElement delta)
    {
        switch (Field(delta, "type"))
        {
            case "text_delta":
                Text += Field(delta, "text");
                TakeExtras(delta, "x_extra");
                break;
            case "thinking_delta":
                _thinking += Field(delta, "thinking");
                Thoughts += Field(delta, "thinking");
                break;
            case "signature_delta":
                TakeSignature(Field(delta, "signature"));
                break;
            case "citations_delta":
                Citations.Add(Field(delta.GetProperty("citation"), "url"));
                break;
            case "input_json_delta":
                var piece = Field(delta, "partial_json");
                _items[index].Arguments += _customCalls.Contains(index) ? JsonElement.Parse(piece).GetString() : piece;
                break;
        }
    }

    /// <summary>A signature is that of the reasoning, or holds all fields of the model's server.</summary>
    private void TakeSignature(string signature)
    {
        if (signature.StartsWith(FieldsPrefix, StringComparison.Ordinal))
            TakeExtras(JsonElement.Parse(Base64Url.DecodeFromChars(signature.AsSpan(FieldsPrefix.Length))));
        else
            ReasoningDetails += $$"""[{"type":"reasoning.text","text":"{{_thinking}}","signature":"{{signature}}"}]""";
    }

    private void UseAnthropic(JsonElement usage)
    {
        var cached = Count(usage, "cache_read_input_tokens");
        var read = usage.GetProperty("input_tokens").GetInt64() + (cached ?? 0) + (Count(usage, "cache_creation_input_tokens") ?? 0);
        var written = usage.GetProperty("output_tokens").GetInt64();
        Usage = (read, written, read + written);
        UsageDetails = (cached, Find(usage, "output_tokens_details") is { } details ? Count(details, "thinking_tokens") : null);
    }

    private static string Index(JsonElement frame) => frame.GetProperty("index").GetRawText();

    private static string Reason(string reason) => reason switch
    {
        "end_turn" => "stop",
        "max_tokens" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => reason,
    };
}
