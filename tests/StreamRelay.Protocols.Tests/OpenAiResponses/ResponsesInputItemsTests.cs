using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StreamRelay.Conversations;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The items of an input are what a client may send to get the same input again.</summary>
public sealed class ResponsesInputItemsTests
{
    private static readonly TaskId Task = new(new Guid("0198f000000070008000000000000001"));

    [Fact]
    public void The_items_of_an_input_are_the_same_input() => SampleTurn.Conversations.Sample(static turns =>
    {
        var input = ResponsesRequest.Read(JsonElement.Parse(SampleRequests.Responses(turns).ToJsonString())).ToInput();
        AssertSame(input, ResponsesInputItems.List(Task, input));
    });

    [Fact]
    public void Items_that_a_conversation_keeps_are_the_same_input() => SampleTurn.Conversations.Sample(static turns =>
    {
        var request = JsonElement.Parse(SampleRequests.Responses(turns).ToJsonString());
        var id = 0;
        AssertSame(ResponsesRequest.Read(request).ToInput(), ResponsesStoredItems.Read(request.GetProperty("input"), () => $"{id++}"));
    });

    [Theory]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_file","file_url":"https://x/a.pdf"}]}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}]}""")]
    [InlineData("""{"type":"message","role":"user","content":[{"type":"input_audio","input_audio":{"data":"QQ==","format":"mp3"}},{"type":"input_image","image_url":"https://x/y.png","detail":"low"}]}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"No."}]}""")]
    [InlineData("""{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"s"}""")]
    [InlineData("""{"type":"reasoning","summary":[],"encrypted_content":"s"}""")]
    [InlineData("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}],"x_extra":{"reasoning_details":[{"type":"reasoning.text","text":"Hm.","index":0}]}}""")]
    [InlineData("""{"type":"function_call","call_id":"c","name":"f","arguments":"{}","x_extra":{"extra_content":{"google":{"thought_signature":"s"}}}}""")]
    [InlineData("""{"type":"custom_tool_call","call_id":"c","name":"f","input":"any text"}""")]
    public void An_item_has_all_that_the_client_sent(string item)
    {
        var input = ResponsesRequest.Read(JsonElement.Parse($$"""{"model":"a","input":[{{item}}]}""")).ToInput();

        var written = JsonNode.Parse(Assert.Single(ResponsesInputItems.List(Task, input)).Json.Span)!.AsObject();

        foreach (var field in JsonNode.Parse(item)!.AsObject())
            Assert.True(JsonNode.DeepEquals(field.Value, written[field.Key]), written.ToJsonString());
        Assert.EndsWith($"_{Task}_in0", written["id"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_result_of_a_call_has_the_type_of_its_call_and_its_parts()
    {
        var input = ResponsesRequest.Read(JsonElement.Parse("""
            {"model":"a","input":[{"type":"custom_tool_call","call_id":"a","name":"f","input":"x"},{"type":"function_call","call_id":"b","name":"g","arguments":"{}"},
             {"type":"custom_tool_call_output","call_id":"a","output":"1"},
             {"type":"function_call_output","call_id":"b","output":[{"type":"input_text","text":"2"},{"type":"input_image","image_url":"https://x/y.png"}]}]}
            """)).ToInput();

        var items = ResponsesInputItems.List(Task, input).Select(item => JsonNode.Parse(item.Json.Span)!).ToArray();

        Assert.Equal(["custom_tool_call", "function_call", "custom_tool_call_output", "function_call_output"], items.Select(item => item["type"]!.GetValue<string>()));
        Assert.Equal("1", items[2]["output"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""[{"type":"input_text","text":"2"},{"type":"input_image","image_url":"https://x/y.png"}]"""), items[3]["output"]), items[3].ToJsonString());
    }

    [Fact]
    public void The_result_of_a_tool_that_failed_is_an_item_that_a_client_may_send()
    {
        var input = new TaskInput("""[{"role":"tool","tool_call_id":"c","content":"No such city.","x_is_error":true}]"""u8.ToArray());

        var item = Assert.Single(ResponsesInputItems.List(Task, input));

        var again = ResponsesRequest.Read(JsonElement.Parse($$"""{"model":"a","input":[{{Encoding.UTF8.GetString(item.Json.Span)}}]}""")).ToInput();
        Assert.Equal("No such city.", JsonElement.Parse(again.Content.Span)[0].GetProperty("content").GetString());
        Assert.Empty(NeutralOptions.UntranslatedFields(JsonElement.Parse(again.Options.Span)));
    }

    [Fact]
    public void Items_after_earlier_messages_keep_their_ids()
    {
        var input = new TaskInput("""[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]"""u8.ToArray());

        var own = Assert.Single(ResponsesInputItems.List(Task, input, 2));

        Assert.Equal(ResponsesInputItems.List(Task, input)[2].Id, own.Id);
        Assert.Equal("msg_0198f000000070008000000000000001_in2", own.Id);
    }

    [Fact]
    public void A_text_is_the_message_of_the_user()
    {
        var item = Assert.Single(ResponsesInputItems.List(Task, new("\"hello\""u8.ToArray())));
        Assert.Equal(
            """{"id":"msg_0198f000000070008000000000000001_in0","type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"hello"}]}""",
            Encoding.UTF8.GetString(item.Json.Span));
    }

    private static void AssertSame(TaskInput expected, IReadOnlyList<ConversationItem> items)
    {
        var again = JsonNode.Parse(ResponsesStoredItems.ToMessages(items).Span);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected.Content.Span), again), $"{Encoding.UTF8.GetString(expected.Content.Span)}\nbecame {again!.ToJsonString()}");
        Assert.Equal(items.Count, items.Select(item => item.Id).Distinct().Count());
    }
}
