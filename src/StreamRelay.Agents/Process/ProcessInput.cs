using System.Buffers;
using System.Text.Json;

namespace StreamRelay.Agents.Process;

/// <summary>What a program is given on its standard input: one JSON document.</summary>
internal static class ProcessInput
{
    /// <summary>Writes it, then closes; a program that does not read it is fine.</summary>
    public static async Task WriteAsync(Stream input, AgentContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using (input)
                await input.WriteAsync(ToJson(context), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // It has closed its end, or is being stopped.
        }
    }

    private static ReadOnlyMemory<byte> ToJson(AgentContext context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("task_id", context.Request.Id.ToString());
            json.WriteString("agent", context.Request.Agent);
            json.WriteNumber("attempt", context.Attempt);
            if (context.Request.SessionId is { } session)
                json.WriteString("session_id", session);

            Write(json, "input", context.Input.Content);
            Write(json, "options", context.Input.Options);
            Write(json, "metadata", context.Request.Metadata);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
            return;

        json.WritePropertyName(name);
        json.WriteRawValue(value.Span, skipInputValidation: true);
    }
}
