using System.Text;
using System.Text.Json;

namespace StreamRelay.Events;

public sealed class MetadataReaderTests
{
    [Fact]
    public void Fields_are_found_in_any_order_beside_others_that_are_nested()
    {
        var action = Event("""{"other":{"tool_name":"no"},"executor":"caller","input":{"city":["Paris"]},"tool_\u006eame":"get_weather","tool_call_id":"call_1"}""");

        var metadata = ActionMetadata.Read(action);

        Assert.Equal(("call_1", "get_weather", true), (metadata.ToolCallId, metadata.ToolName, metadata.IsForCaller));
        Assert.Equal("""{"city":["Paris"]}""", Encoding.UTF8.GetString(metadata.Input.Span));
    }

    [Fact]
    public void Fields_of_another_type_count_as_missing()
    {
        var metadata = ObservationMetadata.Read(Event("""{"tool_call_id":{"a":1},"is_error":"true","output":"21 \u00b0"}"""));

        Assert.Equal(("", false), (metadata.ToolCallId, metadata.IsError));
        Assert.Equal("""
            "21 \u00b0"
            """, Encoding.UTF8.GetString(metadata.Output.Span));
        Assert.Equal(0, StartMetadata.Read(Event("""{"created":1.5,"model":["x"]}""")).Created);
    }

    [Fact]
    public void Empty_metadata_has_no_fields()
    {
        Assert.Equal(new EndMetadata(false, ""), EndMetadata.Read(Event("")));
        Assert.Equal(new EndMetadata(false, ""), EndMetadata.Read(Event("{}")));
        Assert.Equal(new EndMetadata(true, "stop"), EndMetadata.Read(Event("""{"status":"stopped","finish_reason":"stop"}""")));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"code\":}")]
    [InlineData("{\"code\":\"a\"} {}")]
    [InlineData("not JSON")]
    public void Metadata_that_is_not_a_JSON_object_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => ErrorMetadata.Read(Event(json)));

    private static StreamEvent Event(string metadata) => new(StreamEventKind.Data, default, Encoding.UTF8.GetBytes(metadata));
}
