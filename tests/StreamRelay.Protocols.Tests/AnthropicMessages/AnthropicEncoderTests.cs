using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AnthropicMessages;

public sealed class AnthropicEncoderTests
{
    private static readonly StreamEvent End = TaskEvents.End(TaskState.Completed, "stop");

    private static readonly Gen<StreamEvent[]> Events = Gen.Int[0, 9].Array[0, 30].Select(static picks => Numbered(picks));

    [Fact]
    public void Blocks_come_one_after_the_other_however_their_events_are_mixed_and_are_those_of_the_answer_without_a_stream() => Events.Sample(static events =>
    {
        StreamEvent[] all = [.. events, End];
        var streamed = AssembledMessage.Of(all);
        var whole = AssembledMessage.Whole(all);
        Assert.True(JsonNode.DeepEquals(whole["content"], streamed.Content), $"{whole["content"]}\nis not\n{streamed.Content}");
        Assert.Equal(["message_delta", "message_stop"], streamed.Events[^2..]);
    });

    [Fact]
    public void A_call_that_begins_within_another_waits_for_its_end()
    {
        var message = AssembledMessage.Of(
        [
            AgentEvents.ActionStart("a", "f", "caller"), AgentEvents.ActionStart("b", "g", "caller"), AgentEvents.ActionDelta("b", "g", "caller", "{\"y\":2}"),
            AgentEvents.ActionDelta("a", "f", "caller", "{\"x\":"), Output("between"), AgentEvents.ActionDelta("a", "f", "caller", "1}"), End,
        ]);
        AssertContent("""
            [{"type":"tool_use","id":"a","name":"f","input":{"x":1},"caller":{"type":"direct"}},{"type":"tool_use","id":"b","name":"g","input":{"y":2},"caller":{"type":"direct"}},
             {"type":"text","text":"between"}]
            """, message.Content);
    }

    [Theory]
    [InlineData("""{"signature":"s"}""", """[{"type":"thinking","thinking":"hm","signature":"s"}]""")]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s"}]}""", """[{"type":"thinking","thinking":"hm","signature":"s"}]""")]
    public void A_signature_of_reasoning_is_that_of_the_model(string extra, string content)
    {
        AssertContent(content, AssembledMessage.Of([Thought("hm"), Thought("", extra), End]).Content);
        AssertContent(content, AssembledMessage.Of([Thought("hm", extra), End]).Content);
    }

    [Fact]
    public void Reasoning_after_a_signature_is_a_block_of_its_own_and_encrypted_reasoning_has_its_type() => AssertContent("""
        [{"type":"thinking","thinking":"one","signature":"1"},{"type":"thinking","thinking":"two","signature":"2"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"x"}]
        """, AssembledMessage.Of(
        [
            Thought("o"), Thought("ne"), Thought("", """{"signature":"1"}"""), Thought("two"), Thought("", """{"signature":"2"}"""),
            Thought("", """{"reasoning_details":[{"type":"reasoning.encrypted","data":"d"}]}"""), Output("x"), End,
        ]).Content);

    [Theory]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s","format":"f","index":0}]}""")]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.encrypted","data":"d"}]}""")]
    [InlineData("""{"signature":"s","other":[1]}""")]
    public void Fields_that_a_signature_cannot_name_are_encoded_in_it_and_come_back(string extra)
    {
        var message = Returned(AssembledMessage.Of([Thought("hm", extra), End]).Content);
        Assert.Equal("hm", (string?)message["reasoning_content"]);
        foreach (var (name, value) in JsonNode.Parse(extra)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, message[name]), message.ToJsonString());
    }

    [Fact]
    public void A_signature_that_comes_after_the_answer_comes_back_with_the_text_that_it_signs()
    {
        const string Late = """{"reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s"}]}""";
        var content = AssembledMessage.Of([Thought("hm"), Output("x"), Thought("", Late), End]).Content;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Late)!["reasoning_details"], Returned(content)["reasoning_details"]), content.ToJsonString());
    }

    [Fact]
    public void A_failure_shows_what_came_before_it_and_no_block_that_is_cut_is_whole()
    {
        var text = Transcript.Encode(AnthropicProtocol.Instance,
        [
            new(1, default, Transcript.Everything[0]), new(2, default, AgentEvents.ActionStart("a", "f", "caller")), new(3, default, AgentEvents.ActionDelta("a", "f", "caller", "{\"x")),
            new(4, default, Output("said")), new(5, default, Transcript.Failed),
        ]);
        Assert.DoesNotContain("content_block_stop", text);
        Assert.Contains("\"text\":\"said\"", text);
        Assert.EndsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The agent failed.\",\"code\":\"agent_failed\"}}\n\n", text);
    }

    [Theory]
    [InlineData("", "end_turn")]
    [InlineData("stop", "end_turn")]
    [InlineData("length", "max_tokens")]
    [InlineData("tool_calls", "tool_use")]
    [InlineData("content_filter", "refusal")]
    [InlineData("stop_sequence", "stop_sequence")]
    [InlineData("bored", "bored")]
    public void The_reason_of_the_end_has_the_name_of_the_API_or_its_own(string reason, string name) =>
        Assert.Equal(name, (string?)AssembledMessage.Whole([TaskEvents.End(TaskState.Completed, reason)])["stop_reason"]);

    [Fact]
    public void A_count_that_is_not_known_is_absent_and_tokens_of_the_cache_are_counted_apart()
    {
        var plain = AssembledMessage.Whole([AgentEvents.Usage(9, 2), End]);
        AssertContent("""{"input_tokens":9,"output_tokens":2}""", plain["usage"]!);
        var details = new UsageMetadata("""{"cached_tokens":4,"cache_write_tokens":3}"""u8.ToArray(), """{"reasoning_tokens":1}"""u8.ToArray());
        var cached = AssembledMessage.Whole([AgentEvents.Usage(9, 2, details: details), End]);
        AssertContent("""{"input_tokens":2,"cache_creation_input_tokens":3,"cache_read_input_tokens":4,"output_tokens":2,"output_tokens_details":{"thinking_tokens":1}}""", cached["usage"]!);
    }

    /// <summary>The message that an agent gets when a client gives the content back.</summary>
    private static JsonNode Returned(JsonArray content)
    {
        var request = new JsonObject
        {
            ["model"] = "a",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "assistant", ["content"] = content.DeepClone() }),
        };
        return JsonNode.Parse(AnthropicRequest.Read(JsonElement.Parse(request.ToJsonString())).Input.Content.Span)![0]!;
    }

    private static StreamEvent Output(string text) => new(StreamEventKind.Output, Encoding.UTF8.GetBytes(text));

    private static StreamEvent Thought(string text, string? extra = null) =>
        new(StreamEventKind.Thought, Encoding.UTF8.GetBytes(text), extra is null ? default : Encoding.UTF8.GetBytes($$"""{"extra":{{extra}}}"""));

    private static StreamEvent[] Numbered(int[] picks) => [.. picks.Select(static (pick, index) => pick switch
    {
        0 => Output($"text {index} 😀"),
        1 => Thought($"thought {index}"),
        2 => Thought("", $$"""{"signature":"{{index}}"}"""),
        3 => Output(""),
        4 => new(StreamEventKind.Output, default, Encoding.UTF8.GetBytes($$$"""{"annotations":[{"type":"url_citation","url_citation":{"url":"https://{{{index}}}","title":"t"}}]}""")),
        5 => AgentEvents.ActionStart("a", "f", "caller"),
        6 => AgentEvents.ActionStart("b", "g", "caller"),
        7 => AgentEvents.Action("a", "f", "caller", JsonElement.Parse("""{"x":1}""")),
        8 => AgentEvents.Action("b", "g", "caller", JsonElement.Parse("{}")),
        _ => AgentEvents.ActionStart($"own {index}", "h", "agent"),
    })];

    private static void AssertContent(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {JsonNode.Parse(expected)!.ToJsonString()}\nbut got  {actual.ToJsonString()}");
}
