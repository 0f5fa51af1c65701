using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using StreamRelay.Tasks;

namespace StreamRelay.Events;

/// <summary>Makes events of the kinds whose facts stand in metadata.</summary>
public static class AgentEvents
{
    /// <summary>The beginning or the end of a titled part of the work.</summary>
    public static StreamEvent Step(StreamEventKind kind, string step, string title) =>
        new(kind, Encoding.UTF8.GetBytes(title), Json(json => json.WriteString("step"u8, step)));

    /// <summary>Any JSON, under a name.</summary>
    public static StreamEvent Data(string name, JsonElement data) => new(StreamEventKind.Data, default, Json(json =>
    {
        json.WriteString("name"u8, name);
        json.WritePropertyName("data"u8);
        data.WriteTo(json);
    }));

    /// <summary>A tool call begins. <paramref name="executor"/> is <c>agent</c> (it runs here) or <c>caller</c> (the client must run it).</summary>
    public static StreamEvent ActionStart(string toolCallId, string toolName, string executor) =>
        new(StreamEventKind.ActionStart, default, Json(json => WriteTool(json, toolCallId, toolName, executor)));

    /// <summary>A piece of a tool call's arguments.</summary>
    public static StreamEvent ActionDelta(string toolCallId, string toolName, string executor, string arguments) =>
        new(StreamEventKind.ActionDelta, Encoding.UTF8.GetBytes(arguments), Json(json => WriteTool(json, toolCallId, toolName, executor)));

    /// <summary>A tool call is complete, with its whole input.</summary>
    public static StreamEvent Action(string toolCallId, string toolName, string executor, JsonElement input, string summary = "") =>
        new(StreamEventKind.Action, Encoding.UTF8.GetBytes(summary), Json(json =>
        {
            WriteTool(json, toolCallId, toolName, executor);
            json.WritePropertyName("input"u8);
            input.WriteTo(json);
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
    public static StreamEvent Usage(TaskUsage usage) => new(StreamEventKind.Usage, default, Json(json =>
    {
        json.WriteNumber("prompt_tokens"u8, usage.PromptTokens);
        json.WriteNumber("completion_tokens"u8, usage.CompletionTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        if (usage.Estimated)
            json.WriteBoolean("estimated"u8, true);
    }));

    /// <summary>A line of a log.</summary>
    public static StreamEvent Log(LogLevel level, string category, string line) => new(StreamEventKind.Log, Encoding.UTF8.GetBytes(line), Json(json =>
    {
        json.WriteString("level"u8, level.ToString().ToLowerInvariant());
        json.WriteString("category"u8, category);
    }));

    /// <summary>A file that can be downloaded.</summary>
    public static StreamEvent File(TaskId task, StoredFile file) => new(StreamEventKind.File, Encoding.UTF8.GetBytes(file.Name), Json(json =>
    {
        json.WriteString("name"u8, file.Name);
        json.WriteString("url"u8, $"/download/{task}/{Uri.EscapeDataString(file.Name)}");
        json.WriteString("media_type"u8, file.MediaType);
        json.WriteNumber("size"u8, file.Size);
    }));

    /// <summary>The end of a task that completed or was stopped.</summary>
    public static StreamEvent End(TaskState state, string finishReason, ReadOnlyMemory<byte> fields = default) => new(StreamEventKind.End, default, Json(json =>
    {
        json.WriteString("status"u8, state == TaskState.Stopped ? "stopped" : "completed");
        json.WriteString("finish_reason"u8, finishReason);
        CopyOthers(fields, json, "status", "finish_reason");
    }));

    /// <summary>The end of a task that failed.</summary>
    public static StreamEvent Error(TaskError error, ReadOnlyMemory<byte> fields = default) => new(StreamEventKind.Error, Encoding.UTF8.GetBytes(error.Message), Json(json =>
    {
        json.WriteString("code"u8, error.Code);
        CopyOthers(fields, json, "code");
    }));

    /// <summary>Writes a JSON object, with text kept as UTF-8.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Copies the fields of a JSON object into another.</summary>
    public static void CopyProperties(ReadOnlyMemory<byte> json, Utf8JsonWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
            property.WriteTo(output);
    }

    private static void CopyOthers(ReadOnlyMemory<byte> fields, Utf8JsonWriter output, params ReadOnlySpan<string> own)
    {
        if (fields.IsEmpty)
            return;

        using var document = JsonDocument.Parse(fields);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (!own.Contains(property.Name))
                property.WriteTo(output);
        }
    }

    private static void WriteTool(Utf8JsonWriter json, string toolCallId, string toolName, string executor)
    {
        json.WriteString("tool_call_id"u8, toolCallId);
        json.WriteString("tool_name"u8, toolName);
        json.WriteString("executor"u8, executor);
    }
}
