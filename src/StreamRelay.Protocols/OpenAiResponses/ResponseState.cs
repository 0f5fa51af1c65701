using System.Buffers;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The response object as far as its task has come.</summary>
internal sealed class ResponseState(TaskRequest request)
{
    private readonly List<ResponseItem> _items = [];
    private StreamEvent? _start;
    private StreamEvent? _terminal;
    private ReadOnlyMemory<byte> _echo;
    private TaskUsage _usage = new(0, 0, true);

    public IReadOnlyList<ResponseItem> Items => _items;

    /// <summary>The last event of the task, or <see langword="null"/> while it runs.</summary>
    public StreamEvent? Terminal => _terminal;

    public void Begin(StreamEvent start)
    {
        _start = start;
        var echo = new ArrayBufferWriter<byte>();
        if (echo.WriteField(start, "response"u8))
            _echo = echo.WrittenMemory;
    }

    public void Add(ResponseItem item) => _items.Add(item);

    public void Use(StreamEvent usage) => _usage = TaskUsage.FromMetadata(usage.Metadata);

    public void End(StreamEvent terminal) => _terminal = terminal;

    /// <summary>Why a response that ended is not complete, in the words of the API; else empty.</summary>
    private string Incompleteness => _terminal?.Kind == StreamEventKind.End && !_terminal.IsStopped()
        ? _terminal.Field("finish_reason") switch { "length" => "max_output_tokens", "content_filter" => "content_filter", _ => "" }
        : "";

    /// <summary>The status once it has ended.</summary>
    public string EndStatus => _terminal!.Kind == StreamEventKind.Error ? "failed"
        : _terminal.IsStopped() ? "cancelled"
        : Incompleteness.Length > 0 ? "incomplete"
        : "completed";

    /// <summary>Writes the object.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="status">The status while it runs.</param>
    /// <param name="withOutput">Whether with the output so far.</param>
    public void Write(ArrayBufferWriter<byte> json, string status, bool withOutput)
    {
        json.Write("{\"id\":"u8);
        json.WriteString(ResponseId.Of(request.Id));
        json.Write(",\"object\":\"response\",\"created_at\":"u8);
        json.WriteNumber(request.CreatedAt.ToUnixTimeSeconds());
        json.Write(",\"status\":"u8);
        json.WriteString(_terminal is null ? status : EndStatus);
        json.Write(",\"error\":"u8);
        WriteError(json);
        json.Write(",\"incomplete_details\":"u8);
        WriteIncompleteness(json);
        json.Write(",\"model\":"u8);
        json.WriteString(_start?.Field("model") ?? request.Agent);
        json.Write(",\"output\":["u8);
        if (withOutput)
            WriteItems(json);

        json.Write("],\"usage\":"u8);
        WriteUsage(json);
        json.Write(",\"metadata\":"u8);
        json.Write(request.Metadata.IsEmpty ? "{}"u8 : OneLine(request.Metadata));
        WriteEcho(json);
        json.Write("}"u8);
    }

    private void WriteItems(ArrayBufferWriter<byte> json)
    {
        foreach (var item in _items)
        {
            if (item.Index > 0)
                json.Write(","u8);

            item.Write(json, isNew: false);
        }
    }

    private void WriteError(ArrayBufferWriter<byte> json)
    {
        if (_terminal?.Kind != StreamEventKind.Error)
        {
            json.Write("null"u8);
            return;
        }

        json.Write("{\"code\":\"server_error\",\"message\":"u8);
        json.WriteString(_terminal.Content.Span);
        json.Write(",\"x_code\":"u8);
        json.WriteString(_terminal.Field("code"));
        json.Write("}"u8);
    }

    private void WriteIncompleteness(ArrayBufferWriter<byte> json)
    {
        if (Incompleteness.Length == 0)
        {
            json.Write("null"u8);
            return;
        }

        json.Write("{\"reason\":"u8);
        json.WriteString(Incompleteness);
        json.Write("}"u8);
    }

    private void WriteUsage(ArrayBufferWriter<byte> json)
    {
        if (_terminal is null)
        {
            json.Write("null"u8);
            return;
        }

        json.Write("{\"input_tokens\":"u8);
        json.WriteNumber(_usage.PromptTokens);
        json.Write(",\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":"u8);
        json.WriteNumber(_usage.CompletionTokens);
        json.Write(",\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":"u8);
        json.WriteNumber(_usage.TotalTokens);
        json.Write("}"u8);
    }

    /// <summary>What was asked for, and what the API shows for what was not.</summary>
    private void WriteEcho(ArrayBufferWriter<byte> json)
    {
        using var echo = JsonDocument.Parse(_echo.IsEmpty ? "{}"u8.ToArray() : _echo);
        foreach (var (name, usual) in ResponseEcho.Fields)
        {
            json.Write(","u8);
            json.WriteString(name);
            json.Write(":"u8);
            json.Write(echo.RootElement.TryGetProperty(name, out var given) ? OneLine(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(given).ToArray()) : usual);
        }
    }

    private static ReadOnlySpan<byte> OneLine(ReadOnlyMemory<byte> value)
    {
        var line = new ArrayBufferWriter<byte>(value.Length + 16);
        var reader = new Utf8JsonReader(value.Span);
        reader.Read();
        line.WriteValue(ref reader);
        return line.WrittenSpan;
    }
}
