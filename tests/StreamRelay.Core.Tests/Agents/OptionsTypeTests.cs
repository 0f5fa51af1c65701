using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Serialization;
using StreamRelay.TestSupport;

namespace StreamRelay.Agents;

/// <summary>Options are an object of a type, or their first fault is named.</summary>
public sealed class OptionsTypeTests
{
    private static readonly OptionsType Report = OptionsType.Of<ReportOptions>();

    [Theory]
    [InlineData("""{"title":"a"}""", null, null)]
    [InlineData("""{"title":"a","pages":3,"is_draft":true,"language":"french","layout":{"columns":2},"tags":["x"]}""", null, null)]
    [InlineData("""{"title":"a","pages":"3","is_draft":"true"}""", null, null)]
    [InlineData("""{}""", "title", "is required")]
    [InlineData("", "title", "is required")]
    [InlineData("""{"title":null}""", "title", "must have this form: {\"description\":\"The title page\",\"type\":\"string\"")]
    [InlineData("""{"title":"a","pages":"many"}""", "pages", "\"type\":[\"string\",\"integer\"]")]
    [InlineData("""{"title":"a","pages":0}""", "pages", "\"minimum\":1,\"maximum\":20")]
    [InlineData("""{"title":"toolong"}""", "title", "\"maxLength\":6")]
    [InlineData("""{"title":"a","language":"klingon"}""", "language", "\"enum\":[\"english\",\"french\"]")]
    [InlineData("""{"title":"a","language":1}""", "language", "\"enum\"")]
    [InlineData("""{"title":"a","layout":{"columns":[]}}""", "layout.columns", "\"columns\"")]
    [InlineData("""{"title":"a","tags":["x",1]}""", "tags[1]", "\"array\"")]
    [InlineData("""{"title":"a","is_draft":"maybe"}""", "is_draft", "\"boolean\"")]
    [InlineData("""{"title":"a","Pages":3}""", "Pages", "is none of the agent's options, which are title, pages, is_draft, language, layout, tags")]
    public void A_fault_names_the_field_and_what_it_takes(string json, string? field, string? message)
    {
        var fault = Report.Check(Encoding.UTF8.GetBytes(json));

        Assert.Equal(field, fault?.Field);
        if (message is not null)
            Assert.Contains(message, fault!.Message);
    }

    [Fact]
    public void The_schema_has_the_names_of_the_wire_and_what_the_attributes_state()
    {
        var schema = Report.Schema;

        Assert.Equal("object", schema.GetProperty("type").GetString());
        Assert.Equal(["title"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal("The title page", schema.GetProperty("properties").GetProperty("title").GetProperty("description").GetString());
        Assert.Equal(20, schema.GetProperty("properties").GetProperty("pages").GetProperty("maximum").GetInt32());
    }

    [Fact]
    public void A_type_can_take_further_fields() =>
        Assert.Null(OptionsType.Of<OpenOptions>().Check("""{"user_id":"u","anything":{}}"""u8.ToArray()));

    [Fact]
    public async Task An_agent_reads_its_options_and_wrong_ones_fail_the_task_with_a_code()
    {
        await using var relay = await Relay.StartAsync((context, ct) => context.OutputAsync($"{context.Options<ReportOptions>().Pages}", ct).AsTask());

        var right = await relay.EndAsync(await relay.RunAsync(request: relay.Request() with { Metadata = """{"title":"a","pages":7}"""u8.ToArray() }));
        var wrong = await relay.EndAsync(await relay.RunAsync(request: relay.Request() with { Metadata = """{"title":"a","pages":70}"""u8.ToArray() }));

        Assert.Contains("7", (await relay.ReadAllAsync(right.Id)).Select(entry => Encoding.UTF8.GetString(entry.Event.Content.Span)));
        Assert.Equal("invalid_options", wrong.Error!.Code);
        Assert.StartsWith("The option 'pages' must have this form", wrong.Error.Message);
    }

    private enum Language
    {
        English,
        French,
    }

    private sealed class ReportOptions
    {
        [Description("The title page"), StringLength(6)]
        public required string Title { get; init; }

        [Range(1, 20)]
        public int Pages { get; init; } = 1;

        public bool IsDraft { get; init; }

        public Language Language { get; init; }

        public Layout? Layout { get; init; }

        public IReadOnlyList<string> Tags { get; init; } = [];
    }

    private sealed record Layout(int Columns);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    private sealed record OpenOptions(string UserId);
}
