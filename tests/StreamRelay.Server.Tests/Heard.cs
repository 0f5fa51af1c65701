using System.Text.Json;

namespace StreamRelay.Server;

/// <summary>What a client of one protocol makes of a stream, from that protocol's own frames.</summary>
internal sealed class Heard
{
    private readonly List<HeardCall> _calls = [];
    private string? _ending;

    private Heard()
    {
    }

    public string Text { get; private set; } = "";

    public string Thoughts { get; private set; } = "";

    public IReadOnlyList<HeardCall> Calls => _calls;

    public (long Prompt, long Completion, long Total)? Usage { get; private set; }

    /// <summary><c>completed</c>, <c>stopped</c> or <c>failed</c>, once all that ends the protocol's stream has come; before, <see langword="null"/>.</summary>
    public string? Status { get; private set; }

    public static Heard From(string protocol, string stream)
    {
        var heard = new Heard();
        Action<JsonElement> hear = protocol switch
        {
            "native" => heard.HearNative,
            "openai-chat" => heard.HearChat,
            "openai-responses" => heard.HearResponse,
            "ai-sdk" => heard.HearUiMessage,
            "ag-ui" => heard.HearRun,
            _ => throw new ArgumentException($"There is no protocol '{protocol}'.", nameof(protocol)),
        };
        foreach (var frame in Sse.Frames(stream))
        {
            Assert.True(heard.Status is null, $"{protocol} goes on after its end: {frame}");
            var data = Sse.Data(frame);
            if (data == "[DONE]" && protocol is "openai-chat" or "ai-sdk")
                heard.Status = heard._ending ?? throw new InvalidOperationException($"{protocol} is done without an end.");
            else
                hear(JsonElement.Parse(data));
        }

        return heard;
    }

    private static string Field(JsonElement json, string name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString()! : "";

    private void HearNative(JsonElement said)
    {
        var content = Field(said, "content");
        switch (Field(said, "event_type"))
        {
            case "output":
                Text += content;
                break;
            case "thought":
                Thoughts += content;
                break;
            case "action_start":
                Begin(Field(said, "tool_call_id"), Field(said, "tool_name"), Field(said, "executor") == "caller");
                break;
            case "action_delta":
                Call(Field(said, "tool_call_id")).Arguments += content;
                break;
            case "action":
                Finish(Field(said, "tool_call_id"), said.GetProperty("input"));
                break;
            case "usage":
                Use(said, "prompt_tokens", "completion_tokens");
                break;
            case "end":
                _ending = Field(said, "status");
                break;
            case "error":
                _ending = "failed";
                break;
            case "":
                Assert.Equal("connection_end", Field(said, "type"));
                Status = _ending;
                break;
        }
    }

    private void HearChat(JsonElement chunk)
    {
        if (chunk.TryGetProperty("error", out _))
        {
            Status = "failed";
            return;
        }

        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            Use(usage, "prompt_tokens", "completion_tokens");
        foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
        {
            var delta = choice.GetProperty("delta");
            Text += Field(delta, "content");
            Thoughts += Field(delta, "reasoning_content");
            if (delta.TryGetProperty("tool_calls", out var pieces))
                HearChatCall(pieces[0]);
            if (Field(choice, "finish_reason") is { Length: > 0 } reason)
                _ending = Field(chunk, "x_status") is { Length: > 0 } status && reason == "stop" ? status : "completed";
        }
    }

    private void HearChatCall(JsonElement piece)
    {
        var function = piece.GetProperty("function");
        if (piece.TryGetProperty("id", out var id))
            Begin(id.GetString()!, Field(function, "name"));

        _calls[piece.GetProperty("index").GetInt32()].Arguments += Field(function, "arguments");
    }

    private void HearResponse(JsonElement said)
    {
        switch (Field(said, "type"))
        {
            case "response.output_text.delta":
                Text += Field(said, "delta");
                break;
            case "response.reasoning_summary_text.delta":
                Thoughts += Field(said, "delta");
                break;
            case "response.output_item.added" when said.GetProperty("item") is var item && Field(item, "type") == "function_call":
                Begin(Field(item, "call_id"), Field(item, "name"));
                break;
            case "response.function_call_arguments.delta":
                _calls[^1].Arguments += Field(said, "delta");
                break;
            case "response.output_item.done" when said.GetProperty("item") is var item && Field(item, "type") == "function_call":
                Assert.Equal(Call(Field(item, "call_id")).Arguments, Field(item, "arguments"));
                break;
            case "response.completed" or "response.failed" or "response.incomplete":
                Use(said.GetProperty("response").GetProperty("usage"), "input_tokens", "output_tokens");
                Status = (Field(said, "type"), Field(said.GetProperty("response"), "status")) switch
                {
                    ("response.completed", "completed") => "completed",
                    ("response.failed", "failed") => "failed",
                    ("response.incomplete", "cancelled") => "stopped",
                    var other => throw new InvalidOperationException($"A response does not end with {other}."),
                };
                break;
        }
    }

    private void HearUiMessage(JsonElement chunk)
    {
        switch (Field(chunk, "type"))
        {
            case "text-delta":
                Text += Field(chunk, "delta");
                break;
            case "reasoning-delta":
                Thoughts += Field(chunk, "delta");
                break;
            case "tool-input-start":
                Begin(Field(chunk, "toolCallId"), Field(chunk, "toolName"), !chunk.TryGetProperty("providerExecuted", out _));
                break;
            case "tool-input-delta":
                Call(Field(chunk, "toolCallId")).Arguments += Field(chunk, "inputTextDelta");
                break;
            case "tool-input-available":
                Finish(Field(chunk, "toolCallId"), chunk.GetProperty("input"));
                break;
            case "finish":
                Use(chunk.GetProperty("messageMetadata").GetProperty("usage"), "inputTokens", "outputTokens");
                _ending = "completed";
                break;
            case "abort":
                _ending = "stopped";
                break;
            case "error":
                Status = "failed";
                break;
        }
    }

    private void HearRun(JsonElement said)
    {
        switch (Field(said, "type"))
        {
            case "TEXT_MESSAGE_CONTENT":
                Text += Field(said, "delta");
                break;
            case "REASONING_MESSAGE_CONTENT":
                Thoughts += Field(said, "delta");
                break;
            case "TOOL_CALL_START":
                Begin(Field(said, "toolCallId"), Field(said, "toolCallName"));
                break;
            case "TOOL_CALL_ARGS":
                Call(Field(said, "toolCallId")).Arguments += Field(said, "delta");
                break;
            case "TOOL_CALL_RESULT":
                // The one sign that a call is not the client's to run.
                Call(Field(said, "toolCallId")).IsCallers = false;
                break;
            case "RUN_FINISHED":
                Use(said.GetProperty("usage")[0], "inputTokens", "outputTokens");
                Status = Field(said.GetProperty("outcome"), "type") switch
                {
                    "success" => "completed",
                    "cancelled" => "stopped",
                    var other => throw new InvalidOperationException($"A run does not end with {other}."),
                };
                break;
            case "RUN_ERROR":
                Status = "failed";
                break;
        }
    }

    private void Begin(string id, string name, bool isCallers = true) => _calls.Add(new(id, name) { IsCallers = isCallers });

    private HeardCall Call(string id) => _calls.Single(call => call.Id == id);

    private void Finish(string id, JsonElement input) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(Call(id).Arguments), input), $"{Call(id)} is not {input}");

    private void Use(JsonElement usage, string prompt, string completion) =>
        Usage = (usage.GetProperty(prompt).GetInt64(), usage.GetProperty(completion).GetInt64(),
            usage.GetProperty(prompt.EndsWith("Tokens", StringComparison.Ordinal) ? "totalTokens" : "total_tokens").GetInt64());
}
