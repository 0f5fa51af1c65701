namespace StreamRelay.TestSupport.Fuzzing;

/// <summary>One event of every kind, as programs and producers write them.</summary>
public static class SampleEvents
{
    /// <summary>The events, as JSON.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        """{"event_type":"thought","content":"hm"}""",
        """{"event_type":"output","content":"h\u00e9 \ud83d\ude00\n","agent_name":"helper","task_id":"t","sequence":7,"timestamp":"now","type":"x"}""",
        """{"event_type":"step_start","step":"one","content":"First"}""",
        """{"event_type":"step_end","step":"one","content":"First"}""",
        """{"event_type":"action_start","tool_call_id":"c","tool_name":"look","executor":"agent"}""",
        """{"event_type":"action_delta","tool_call_id":"c","tool_name":"look","executor":"agent","content":"{\"a\":"}""",
        """{"event_type":"action","tool_call_id":"c","tool_name":"look","executor":"caller","input":{"a":[1,"b",null,{"c":1.50}]},"content":"looks"}""",
        """{"event_type":"observation","tool_call_id":"c","output":{"c":21},"is_error":false,"content":"21"}""",
        """{"event_type":"file","name":"a.md","url":"https://example.com/a.md","media_type":"text/markdown","size":3}""",
        """{"event_type":"usage","prompt_tokens":7,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":1}}""",
        """{"event_type":"data","name":"outline","data":{"title":"x","chapters":[{"title":"y"}]}}""",
        """{"event_type":"data","name":"source","data":{"type":"url","url":"https://example.com","title":"x"}}""",
        """{"event_type":"log","level":"info","category":"c","content":"a line","t_ns":1.50}""",
        """{"event_type":"end","finish_reason":"stop"}""",
        """{"event_type":"error","code":"broken","content":"It broke.","details":{"a":1}}""",
    ];
}
