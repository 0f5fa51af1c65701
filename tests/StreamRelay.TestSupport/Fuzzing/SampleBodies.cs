namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>Bodies that start a task, as clients of each protocol send them: with tools, calls and their results, parts and options. They are for the agent <c>echo</c>.</summary>
public static class SampleBodies
{
    /// <summary>Of <c>POST /v1/tasks</c>.</summary>
    public static IReadOnlyList<string> Native { get; } =
    [
        """{"agent":"echo","input":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"session_id":"s","operation_id":"o","tool_call_id":"c","metadata":{"a":[1,"b",null]}}""",
        """{"agent":"echo","input":"hello"}""",
    ];

    /// <summary>Of <c>POST /v1/chat/completions</c>.</summary>
    public static IReadOnlyList<string> Chat { get; } =
    [
        """{"model":"echo","stream":false,"n":1,"temperature":0.5,"stop":["x"],"stream_options":{"include_usage":true},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"r"},{"role":"user","content":[{"type":"text","text":"go"}]}]}""",
        """{"model":"echo","metadata":{"a":"b"},"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},"tool_choice":{"type":"function","function":{"name":"f"}},"messages":[{"role":"developer","content":"d"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"input_text","text":"x"},{"type":"file","file":{"file_id":"f"}}],"name":"n"}]}""",
    ];

    /// <summary>Of <c>POST /v1/responses</c>.</summary>
    public static IReadOnlyList<string> Responses { get; } =
    [
        """{"model":"echo","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"r"},{"role":"user","content":"hi"}],"instructions":"i","metadata":{"a":"b"},"stream":false,"background":true}""",
        """{"model":"echo","input":[{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"t"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}]},{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"},{"type":"input_file","filename":"a","file_data":"AA=="}]}],"tools":[{"type":"function","name":"f","parameters":{},"strict":true},{"type":"web_search"},{"type":"custom","name":"c","format":{"type":"text"}}],"tool_choice":{"type":"function","name":"f"},"text":{"format":{"type":"json_schema","name":"n","schema":{}},"verbosity":"low"},"reasoning":{"effort":"low"},"max_output_tokens":5,"include":["x"],"store":false,"truncation":"auto"}""",
        """{"model":"echo","input":"hi","previous_response_id":"resp_1"}""",
    ];

    /// <summary>Of <c>POST /v1/messages</c>.</summary>
    public static IReadOnlyList<string> Anthropic { get; } =
    [
        """{"model":"echo","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"stop_sequences":["x"],"thinking":{"type":"enabled","budget_tokens":1024},"metadata":{"user_id":"u"},"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},{"type":"bash_20250124","name":"bash"}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}},"messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}},{"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"d"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"streamrelay:eyJhIjpbMV19"},{"type":"redacted_thinking","data":"d"},{"type":"tool_use","id":"1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"}],"is_error":true,"cache_control":{"type":"ephemeral"}},{"type":"mid_conv_system","content":[{"type":"text","text":"m"}]},{"type":"text","text":"go"}]}]}""",
        """{"model":"echo","messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}""",
    ];

    /// <summary>Of <c>POST /api/chat</c>.</summary>
    public static IReadOnlyList<string> AiSdk { get; } =
    [
        """{"id":"chat","agent":"echo","trigger":"submit-message","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"hi"}]},{"id":"2","role":"assistant","parts":[{"type":"tool-f","toolCallId":"1","state":"output-available","input":{},"output":{}}]},{"id":"3","role":"user","parts":[{"type":"text","text":"go"}]}]}""",
        """{"id":"chat","agent":"echo","trigger":"regenerate-message","messageId":"2","metadata":{"a":1},"messages":[{"id":"1","role":"user","metadata":{"m":1},"parts":[{"type":"file","mediaType":"image/png","url":"data:image/png;base64,AA=="},{"type":"data-x","data":{"y":1}},{"type":"source-url","sourceId":"s","url":"https://example.com"}]},{"id":"2","role":"assistant","parts":[{"type":"step-start"},{"type":"reasoning","text":"r","providerMetadata":{"p":{}}},{"type":"dynamic-tool","toolName":"f","toolCallId":"2","state":"output-error","input":{"a":1},"errorText":"e"},{"type":"text","text":"x","state":"done"}]}]}""",
    ];

    /// <summary>Of <c>POST /ag-ui/echo</c>.</summary>
    public static IReadOnlyList<string> AgUi { get; } =
    [
        """{"threadId":"t","runId":"r","state":{},"tools":[],"context":[],"forwardedProps":{},"messages":[{"id":"1","role":"user","content":"hi"},{"id":"2","role":"assistant","toolCalls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"id":"3","role":"tool","toolCallId":"1","content":"r"}]}""",
        """{"threadId":"t","runId":"r","parentRunId":"p","state":{"a":[1]},"tools":[{"name":"f","description":"d","parameters":{"type":"object"}}],"context":[{"description":"d","value":"v"}],"forwardedProps":{"agent":"echo"},"messages":[{"id":"0","role":"system","content":"s"},{"id":"1","role":"user","name":"n","content":[{"type":"text","text":"hi"},{"type":"binary","mimeType":"image/png","data":"AA=="},{"type":"binary","mimeType":"image/png","url":"https://example.com/a.png"}]},{"id":"4","role":"reasoning","content":"r"},{"id":"5","role":"activity","activityType":"a","content":{}}]}""",
    ];
}
