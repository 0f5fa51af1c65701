using System.Text.Json;

namespace StreamRelay.TestSupport.Streams;

/// <summary>The text, the tool calls, the usage and the ending that a client of one protocol reads from that protocol's frames.</summary>
public sealed partial class ReceivedStream
{
    private readonly List<ReceivedToolCall> _calls = [];
    private readonly Dictionary<string, ReceivedToolCall> _items = [];
    private string? _ending;

    private ReceivedStream()
    {
    }

    public string Text { get; private set; } = "";

    public string Thoughts { get; private set; } = "";

    public IReadOnlyList<ReceivedToolCall> Calls => _calls;

    public (long Prompt, long Completion, long Total)? Usage { get; private set; }

    /// <summary>Why the answer ended, as events name it; <see langword="null"/> where the protocol has no place for it.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>What the model wrote to refuse; a part of <see cref="Text"/> in protocols that have no place for it.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>The addresses that the answer cites.</summary>
    public List<string> Citations { get; } = [];

    /// <summary>The tokens that have a probability, joined.</summary>
    public string Tokens { get; private set; } = "";

    /// <summary>What the model's server sent beside its answer, as JSON.</summary>
    public string Data { get; private set; } = "";

    /// <summary>The field <c>reasoning_details</c> of the model's server, as JSON.</summary>
    public string ReasoningDetails { get; private set; } = "";

    /// <summary>Tokens from a cache and tokens of the reasoning, where they are known.</summary>
    public (long? Cached, long? Reasoning) UsageDetails { get; private set; }

    /// <summary>The code and the message of the failure; the code is empty where the protocol has no place for it.</summary>
    public (string Code, string Message)? Error { get; private set; }

    /// <summary><c>completed</c>, <c>stopped</c> or <c>failed</c>, once every frame that ends the protocol's stream has arrived; <see langword="null"/> before.</summary>
    public string? Status { get; private set; }

    /// <summary>Reads a stream, which may be incomplete.</summary>
    /// <exception cref="InvalidDataException">The stream breaks a rule of its protocol, such as a frame after its end.</exception>
    public static ReceivedStream Parse(string protocol, string stream)
    {
        var received = new ReceivedStream();
        Action<JsonElement> apply = protocol switch
        {
            "native" => received.ApplyNative,
            "openai-chat" => received.ApplyChatChunk,
            "openai-responses" => received.ApplyResponse,
            "anthropic-messages" => received.ApplyAnthropic,
            "ai-sdk" => received.ApplyUiMessage,
            "ag-ui" => received.ApplyAgUi,
            _ => throw new ArgumentException($"There is no protocol '{protocol}'.", nameof(protocol)),
        };
        foreach (var frame in SseText.Frames(stream))
        {
            if (received.Status is not null)
                throw new InvalidDataException($"The {protocol} stream continues after its end: {frame}");
            var data = SseText.Data(frame);
            if (data == "[DONE]" && protocol is "openai-chat" or "ai-sdk")
                received.Status = received._ending ?? throw new InvalidDataException($"The {protocol} stream has its terminator without an ending before it.");
            else
                apply(JsonElement.Parse(data));
        }

        return received;
    }

    private static string Field(JsonElement json, string name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString()! : "";

    private void ApplyNative(JsonElement frame)
    {
        var content = Field(frame, "content");
        switch (Field(frame, "event_type"))
        {
            case "output":
                if (frame.TryGetProperty("refusal", out _))
                    Refusal += content;
                else
                    Text += content;
                TakeExtras(frame, "extra");
                break;
            case "thought":
                Thoughts += content;
                TakeExtras(frame, "extra");
                break;
            case "action_start":
                Begin(Field(frame, "tool_call_id"), Field(frame, "tool_name"), Field(frame, "executor") == "caller");
                Sign(_calls[^1], frame, "extra");
                break;
            case "action_delta":
                Call(Field(frame, "tool_call_id")).Arguments += content;
                break;
            case "action":
                Finish(Field(frame, "tool_call_id"), frame.GetProperty("input"));
                break;
            case "usage":
                Use(frame, "prompt_tokens", "completion_tokens");
                break;
            case "data":
                Data += frame.GetProperty("data").GetRawText();
                break;
            case "end":
                (_ending, FinishReason) = (Field(frame, "status"), Field(frame, "finish_reason"));
                break;
            case "error":
                (_ending, Error) = ("failed", (Field(frame, "code"), content));
                break;
            case "":
                Status = Field(frame, "type") == "connection_end" ? _ending : throw new InvalidDataException($"A frame has neither an event type nor the type 'connection_end': {frame}");
                break;
        }
    }

    private void ApplyChatChunk(JsonElement chunk)
    {
        if (chunk.TryGetProperty("error", out var error))
        {
            (Status, Error) = ("failed", (Field(error, "code"), Field(error, "message")));
            return;
        }

        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            Use(usage, "prompt_tokens", "completion_tokens");
        foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
        {
            var delta = choice.GetProperty("delta");
            Text += Field(delta, "content");
            Thoughts += Field(delta, "reasoning_content");
            Refusal += Field(delta, "refusal");
            TakeExtras(delta);
            Take(choice, "logprobs", TakeTokens);
            if (delta.TryGetProperty("tool_calls", out var pieces))
                ApplyChatToolCall(pieces[0]);
            if (Field(choice, "finish_reason") is { Length: > 0 } reason)
            {
                _ending = Field(chunk, "x_status") is { Length: > 0 } status && reason == "stop" ? status : "completed";
                FinishReason = Field(chunk, "x_finish_reason") is { Length: > 0 } verbatim ? verbatim : reason;
            }
        }
    }

    private void ApplyChatToolCall(JsonElement piece)
    {
        var isCustom = piece.TryGetProperty("custom", out var function);
        if (!isCustom)
            function = piece.GetProperty("function");
        if (piece.TryGetProperty("id", out var id))
        {
            Begin(id.GetString()!, Field(function, "name"));
            Sign(_calls[^1], piece);
        }

        _calls[piece.GetProperty("index").GetInt32()].Arguments += Field(function, isCustom ? "input" : "arguments");
    }

    private void ApplyResponse(JsonElement frame)
    {
        switch (Field(frame, "type"))
        {
            case "response.output_text.delta":
                Text += Field(frame, "delta");
                Tokens += string.Concat(frame.GetProperty("logprobs").EnumerateArray().Select(token => Field(token, "token")));
                break;
            case "response.refusal.delta":
                Refusal += Field(frame, "delta");
                break;
            case "response.output_text.annotation.added":
                Citations.Add(Field(frame.GetProperty("annotation"), "url"));
                break;
            case "response.reasoning_summary_text.delta":
                Thoughts += Field(frame, "delta");
                break;
            case "response.output_item.added" when frame.GetProperty("item") is var item && Field(item, "type") is "function_call" or "custom_tool_call":
                Begin(Field(item, "call_id"), Field(item, "name"));
                _items[Field(item, "id")] = _calls[^1];
                break;
            case "response.function_call_arguments.delta" or "response.custom_tool_call_input.delta":
                _items[Field(frame, "item_id")].Arguments += Field(frame, "delta");
                break;
            case "response.output_item.done" when frame.GetProperty("item") is var item && Field(item, "type") is "function_call" or "custom_tool_call":
                RequireArguments(Call(Field(item, "call_id")), Field(item, Field(item, "type") == "function_call" ? "arguments" : "input"));
                Sign(Call(Field(item, "call_id")), item, "x_extra");
                break;
            case "response.output_item.done":
                TakeExtras(frame.GetProperty("item"), "x_extra");
                break;
            case "response.completed" or "response.failed" or "response.incomplete":
                var response = frame.GetProperty("response");
                Use(response.GetProperty("usage"), "input_tokens", "output_tokens");
                if (response.GetProperty("error") is { ValueKind: JsonValueKind.Object } fault)
                    Error = (Field(fault, "x_code"), Field(fault, "message"));
                if (response.GetProperty("incomplete_details") is { ValueKind: JsonValueKind.Object } details)
                    FinishReason = Field(details, "reason") is "max_output_tokens" ? "length" : Field(details, "reason");

                Status = (Field(frame, "type"), Field(response, "status")) switch
                {
                    ("response.completed", "completed") => "completed",
                    ("response.failed", "failed") => "failed",
                    ("response.incomplete", "cancelled") => "stopped",
                    ("response.incomplete", "incomplete") => "completed",
                    var other => throw new InvalidDataException($"A response does not end with {other}."),
                };
                break;
        }
    }

    private void ApplyUiMessage(JsonElement chunk)
    {
        switch (Field(chunk, "type"))
        {
            case "text-delta":
                Text += Field(chunk, "delta");
                TakeExtras(chunk, "providerMetadata", "upstream");
                break;
            case "reasoning-delta":
                Thoughts += Field(chunk, "delta");
                TakeExtras(chunk, "providerMetadata", "upstream");
                break;
            case "data-upstream":
                Data += chunk.GetProperty("data").GetRawText();
                break;
            case "source-url":
                Citations.Add(Field(chunk, "url"));
                break;
            case "tool-input-start":
                Begin(Field(chunk, "toolCallId"), Field(chunk, "toolName"), !chunk.TryGetProperty("providerExecuted", out _));
                break;
            case "tool-input-delta":
                Call(Field(chunk, "toolCallId")).Arguments += Field(chunk, "inputTextDelta");
                break;
            case "tool-input-available":
                Finish(Field(chunk, "toolCallId"), chunk.GetProperty("input"));
                Sign(Call(Field(chunk, "toolCallId")), chunk, "providerMetadata", "upstream");
                break;
            case "finish":
                var metadata = chunk.GetProperty("messageMetadata");
                Use(metadata.GetProperty("usage"), "inputTokens", "outputTokens");
                (_ending, FinishReason) = ("completed", Field(metadata, "finishReason"));
                break;
            case "abort":
                _ending = "stopped";
                break;
            case "data-error":
                Error = (Field(chunk.GetProperty("data"), "code"), "");
                break;
            case "error":
                (Status, Error) = ("failed", (Error?.Code ?? "", Field(chunk, "errorText")));
                break;
        }
    }

    private void ApplyAgUi(JsonElement frame)
    {
        switch (Field(frame, "type"))
        {
            case "TEXT_MESSAGE_CONTENT":
                Text += Field(frame, "delta");
                TakeExtras(frame, "metadata", "upstream");
                break;
            case "REASONING_MESSAGE_CONTENT":
                Thoughts += Field(frame, "delta");
                TakeExtras(frame, "metadata", "upstream");
                break;
            case "CUSTOM" when Field(frame, "name") is "upstream":
                Data += frame.GetProperty("value").GetRawText();
                break;
            case "CUSTOM" when Field(frame, "name") is "annotations":
                TakeCitations(frame.GetProperty("value"));
                break;
            case "CUSTOM" when Field(frame, "name") is "extra":
                TakeExtras(frame, "value");
                break;
            case "TOOL_CALL_START":
                Begin(Field(frame, "toolCallId"), Field(frame, "toolCallName"));
                Sign(_calls[^1], frame, "metadata", "upstream");
                break;
            case "TOOL_CALL_ARGS":
                Call(Field(frame, "toolCallId")).Arguments += Field(frame, "delta");
                break;
            case "TOOL_CALL_RESULT":
                // Only a result in the stream shows that the agent ran the call itself.
                Call(Field(frame, "toolCallId")).IsForCaller = false;
                break;
            case "RUN_FINISHED":
                Use(frame.GetProperty("usage")[0], "inputTokens", "outputTokens");
                Status = Field(frame.GetProperty("outcome"), "type") switch
                {
                    "success" => "completed",
                    "cancelled" => "stopped",
                    var other => throw new InvalidDataException($"A run does not end with {other}."),
                };
                FinishReason = frame.TryGetProperty("metadata", out var facts) ? Field(facts, "finishReason") : null;
                break;
            case "RUN_ERROR":
                (Status, Error) = ("failed", (Field(frame, "code"), Field(frame, "message")));
                break;
        }
    }

    private void Begin(string id, string name, bool isForCaller = true) => _calls.Add(new(id, name) { IsForCaller = isForCaller });

    private ReceivedToolCall Call(string id) => _calls.Single(call => call.Id == id);

    private void Finish(string id, JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String)
        {
            RequireArguments(Call(id), input.GetString()!);
            return;
        }

        if (Call(id).Arguments.Length == 0)
            Call(id).Arguments = input.GetRawText();
        if (!JsonElement.DeepEquals(JsonElement.Parse(Call(id).Arguments), input))
            throw new InvalidDataException($"The streamed arguments of {Call(id)} differ from the final ones: {input}");
    }

    private static void RequireArguments(ReceivedToolCall call, string arguments)
    {
        if (call.Arguments != arguments)
            throw new InvalidDataException($"The streamed arguments of {call} differ from the final ones: {arguments}");
    }

    private void Use(JsonElement usage, string prompt, string completion)
    {
        var isCamel = prompt.EndsWith("Tokens", StringComparison.Ordinal);
        Usage = (usage.GetProperty(prompt).GetInt64(), usage.GetProperty(completion).GetInt64(), usage.GetProperty(isCamel ? "totalTokens" : "total_tokens").GetInt64());
        UsageDetails = isCamel
            ? (Count(usage, "cachedInputTokens"), Count(usage, "reasoningTokens"))
            : (Find(usage, $"{prompt}_details") is { } read ? Count(read, "cached_tokens") : null, Find(usage, $"{completion}_details") is { } written ? Count(written, "reasoning_tokens") : null);
    }

    private static JsonElement? Find(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return null;
        }

        return json;
    }

    private static long? Count(JsonElement json, string name) => Find(json, name)?.GetInt64();

    private static void Sign(ReceivedToolCall call, JsonElement json, params ReadOnlySpan<string> path) =>
        call.Signature += Find(json, [.. path, "extra_content", "google", "thought_signature"])?.GetString();

    private static void Take(JsonElement json, string name, Action<JsonElement> take)
    {
        if (Find(json, name) is { ValueKind: not JsonValueKind.Null } value)
            take(value);
    }

    private void TakeExtras(JsonElement json, params ReadOnlySpan<string> path)
    {
        ReasoningDetails += Find(json, [.. path, "reasoning_details"])?.GetRawText();
        Take(json, "annotations", TakeCitations);
        Take(json, "logprobs", TakeTokens);
    }

    private void TakeTokens(JsonElement logprobs) =>
        Tokens += string.Concat(logprobs.GetProperty("content").EnumerateArray().Select(token => Field(token, "token")));

    private void TakeCitations(JsonElement annotations) =>
        Citations.AddRange(annotations.EnumerateArray().Select(annotation => annotation.GetProperty("url_citation").GetProperty("url").GetString()!));
}
