using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace StreamRelay.Events;

/// <summary>Creates events of the kinds that have metadata.</summary>
public static class AgentEvents
{
    /// <summary>The start or the end of a titled step.</summary>
    public static StreamEvent Step(StreamEventKind kind, string step, string title) =>
        new(kind, Encoding.UTF8.GetBytes(title), Json(json => json.WriteString("step"u8, step)));

    /// <summary>A named JSON value for front ends.</summary>
    public static StreamEvent Data(string name, JsonElement data) => new(StreamEventKind.Data, default, Json(json =>
    {
        json.WriteString("name"u8, name);
        json.WritePropertyName("data"u8);
        data.WriteTo(json);
    }));

    /// <summary>The start of a tool call. <paramref name="executor"/> is <c>agent</c> (the agent runs the tool) or <c>caller</c> (the client has to run it).</summary>
    public static StreamEvent ActionStart(string toolCallId, string toolName, string executor, ReadOnlyMemory<byte> extra = default, bool isCustom = false) =>
        new(StreamEventKind.ActionStart, default, Json(json =>
        {
            WriteTool(json, toolCallId, toolName, executor, extra);
            if (isCustom)
                json.WriteBoolean("custom"u8, true);
        }));

    /// <summary>A piece of a tool call's arguments.</summary>
    public static StreamEvent ActionDelta(string toolCallId, string toolName, string executor, string arguments, ReadOnlyMemory<byte> extra = default) =>
        new(StreamEventKind.ActionDelta, Encoding.UTF8.GetBytes(arguments), Json(json => WriteTool(json, toolCallId, toolName, executor, extra)));

    /// <summary>A complete tool call with its input; <see langword="null"/> when it is larger than an event may be, and only its pieces hold it.</summary>
    public static StreamEvent Action(string toolCallId, string toolName, string executor, JsonElement? input, string summary = "") =>
        new(StreamEventKind.Action, Encoding.UTF8.GetBytes(summary), Json(json =>
        {
            WriteTool(json, toolCallId, toolName, executor);
            if (input is not { } whole)
                return;

            json.WritePropertyName("input"u8);
            whole.WriteTo(json);
        }));

    /// <summary>The result of a tool call.</summary>
    public static StreamEvent Observation(string toolCallId, JsonElement output, string text, bool isError = false) =>
        new(StreamEventKind.Observation, Encoding.UTF8.GetBytes(text), Json(json =>
        {
            json.WriteString("tool_call_id"u8, toolCallId);
            json.WritePropertyName("output"u8);
            output.WriteTo(json);
            json.WriteBoolean("is_error"u8, isError);
        }));

    /// <summary>Tokens used.</summary>
    /// <param name="promptTokens">Tokens that the model read.</param>
    /// <param name="completionTokens">Tokens that the model wrote.</param>
    /// <param name="estimated">Whether the numbers are estimates of this server, not the model's.</param>
    /// <param name="details">What the tokens were; by default unknown.</param>
    public static StreamEvent Usage(long promptTokens, long completionTokens, bool estimated = false, UsageMetadata details = default) =>
        new(StreamEventKind.Usage, default, Json(json =>
        {
            json.WriteNumber("prompt_tokens"u8, promptTokens);
            json.WriteNumber("completion_tokens"u8, completionTokens);
            json.WriteNumber("total_tokens"u8, promptTokens + completionTokens);
            if (estimated)
                json.WriteBoolean("estimated"u8, true);
            WriteValue(json, "prompt_tokens_details", details.PromptDetails);
            WriteValue(json, "completion_tokens_details", details.CompletionDetails);
        }));

    /// <summary>The metadata of a piece of text; empty when there is nothing beside the text.</summary>
    public static ReadOnlyMemory<byte> Text(TextMetadata metadata) => metadata.IsEmpty && !metadata.IsRefusal ? default : Json(json =>
    {
        if (metadata.IsRefusal)
            json.WriteBoolean("refusal"u8, true);
        WriteValue(json, "logprobs", metadata.Logprobs);
        WriteValue(json, "annotations", metadata.Annotations);
        WriteValue(json, "extra", metadata.Extra);
    });

    /// <summary>A log line.</summary>
    public static StreamEvent Log(LogLevel level, string category, string line) => new(StreamEventKind.Log, Encoding.UTF8.GetBytes(line), Json(json =>
    {
        json.WriteString("level"u8, level.ToString().ToLowerInvariant());
        json.WriteString("category"u8, category);
    }));

    /// <summary>Creates a UTF-8 JSON object. Text outside of ASCII is not escaped.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        return JsonObject.Create(write, static (json, write) => write(json));
    }

    /// <summary>Copies the properties of a JSON object into another one.</summary>
    /// <param name="json">A UTF-8 JSON object, or empty.</param>
    /// <param name="output">Receives the properties.</param>
    /// <param name="except">Names of properties that are not copied.</param>
    public static void CopyProperties(ReadOnlyMemory<byte> json, Utf8JsonWriter output, params ReadOnlySpan<string> except)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (json.IsEmpty)
            return;

        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (!except.Contains(property.Name))
                property.WriteTo(output);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
            return;

        json.WritePropertyName(name);
        json.WriteRawValue(value.Span, skipInputValidation: true);
    }

    private static void WriteTool(Utf8JsonWriter json, string toolCallId, string toolName, string executor, ReadOnlyMemory<byte> extra = default)
    {
        json.WriteString("tool_call_id"u8, toolCallId);
        json.WriteString("tool_name"u8, toolName);
        json.WriteString("executor"u8, executor);
        WriteValue(json, "extra", extra);
    }
}
