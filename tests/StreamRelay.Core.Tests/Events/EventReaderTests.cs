using System.Text;
using System.Text.Json;

namespace StreamRelay.Events;

public sealed class EventReaderTests
{
    [Theory]
    [InlineData("""{"event_type":"output","content":"h\u00e9 \ud83d\ude00\n","agent_name":"a","task_id":"t","sequence":7,"timestamp":"now","type":"x"}""", StreamEventKind.Output, "hé 😀\n", "")]
    [InlineData("""{ "step" : "s", "event_type" : "step\u005fstart" }""", StreamEventKind.StepStart, "", """{"step":"s"}""")]
    [InlineData("""{"event_type":"output","cont\u0065nt":"x","content":""}""", StreamEventKind.Output, "", "")]
    [InlineData("""{"event_type":"log","other":null,"\u006cevel":"info","t_ns":1.50,"deep":{ "a" : [1, {"b":"\u00e9<"}, [] ] , "c":{} },"f":false}""",
        StreamEventKind.Log, "", """{"level":"info","t_ns":1.50,"deep":{"a":[1,{"b":"é<"},[]],"c":{}},"f":false}""")]
    [InlineData("""{"event_type":"usage","prompt_tokens":1,"completion_tokens":2,"prompt_tokens_details":{"a":{"b":[1]},"cached_tokens":1},"completion_tokens_details":5}""", StreamEventKind.Usage, "", """{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"a":{"b":[1]},"cached_tokens":1}}""")]
    [InlineData("""{"event_type":"usage","prompt_tokens":1,"completion_tokens":2,"other":3}""", StreamEventKind.Usage, "", """{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}""")]
    [InlineData("""{"event_type":"action","tool_call_id":"c","tool_name":"t"}""", StreamEventKind.Action, "", """{"tool_call_id":"c","tool_name":"t","executor":"agent","input":{}}""")]
    [InlineData("""{"event_type":"action_start","tool_call_id":"c","tool_name":"t","executor":"caller"}""", StreamEventKind.ActionStart, "", """{"tool_call_id":"c","tool_name":"t","executor":"caller"}""")]
    [InlineData("""{"event_type":"end","finish_reason":"length"}""", StreamEventKind.End, "", """{"finish_reason":"length"}""")]
    public void Text_is_decoded_and_the_fields_that_are_not_the_events_own_are_its_metadata(string json, StreamEventKind kind, string content, string metadata)
    {
        var read = EventReader.Read(Encoding.UTF8.GetBytes(json), out var fault)!;

        Assert.Equal("", fault);
        Assert.Equal((kind, content, metadata), (read.Kind, Text(read.Content), Text(read.Metadata)));
    }

    [Fact]
    public void The_name_of_another_agent_is_kept()
    {
        Assert.Equal("helper", EventReader.Read("""{"event_type":"output","content":"","agent_name":"helper"}"""u8, out _)!.Agent);
        Assert.Null(EventReader.Read("""{"event_type":"output","content":""}"""u8, out _)!.Agent);
    }

    [Theory]
    [InlineData("7", "an event must be an object")]
    [InlineData("{}", "'event_type' must be one of thought, output, step_start, step_end, action_start, action_delta, action, observation, file, usage, data, log, end, error")]
    [InlineData("""{"event_type":"data","name":"n","data":null}""", "'data' is required for data")]
    [InlineData("""{"event_type":"file","name":"n"}""", "'url' is required for file")]
    [InlineData("""{"event_type":"output","text":"x"}""", "'content' is required for output")]
    [InlineData("""{"event_type":"output","content":["x"]}""", "'content' must be a string")]
    [InlineData("""{"event_type":"log","code":1,"level":2}""", "'level' must be a string")]
    [InlineData("""{"event_type":"observation","tool_call_id":"c","is_error":"no"}""", "'is_error' must be true or false")]
    [InlineData("""{"event_type":"action","tool_call_id":"c","tool_name":"t","executor":1}""", "'executor' must be agent or caller")]
    [InlineData("""{"event_type":"usage","prompt_tokens":1.5,"completion_tokens":0}""", "'prompt_tokens' and 'completion_tokens' must be whole numbers")]
    [InlineData("""{"event_type":"file","name":"n","url":"/a","media_type":"m"}""", "'url' must be an http or https address")]
    [InlineData("""{"event_type":"end","finish_reason":"done"}""", "'finish_reason' must be one of stop, length, tool_calls, content_filter")]
    [InlineData("""{"event_type":"output","content":"\ud800"}""", "a text is not valid Unicode")]
    [InlineData("""{"event_type":"log","other":{"a":["\udfff"]}}""", "a text is not valid Unicode")]
    [InlineData("""{"event_type":"log","\udfff":1}""", "a text is not valid Unicode")]
    public void What_is_wrong_is_named(string json, string expected)
    {
        Assert.Null(EventReader.Read(Encoding.UTF8.GetBytes(json), out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("7,")]
    [InlineData("""{"event_type":"output","content":"x"},""")]
    [InlineData("""{"event_type":"none","content":}""")]
    public void Anything_but_one_JSON_value_is_an_error_of_its_own(string json) =>
        Assert.ThrowsAny<JsonException>(() => EventReader.Read(Encoding.UTF8.GetBytes(json), out _));

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
