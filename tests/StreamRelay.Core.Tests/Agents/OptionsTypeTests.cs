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
    public void A_flag_that_may_be_null_has_a_schema_and_keeps_its_default_and_its_description()
    {
        var properties = OptionsType.Of<FlagOptions>().Schema.GetProperty("properties");

        Assert.Equal("""["boolean","string","null"]""", properties.GetProperty("is_open").GetProperty("type").GetRawText());
        Assert.Equal("Whether it is open", properties.GetProperty("is_open").GetProperty("description").GetString());
        Assert.True(properties.GetProperty("is_new").GetProperty("default").GetBoolean());
        Assert.Null(OptionsType.Of<FlagOptions>().Check("""{"is_open":"true"}"""u8.ToArray()));
        Assert.Null(OptionsType.Of<FlagOptions>().Check("""{"is_open":null}"""u8.ToArray()));
    }

    [Theory]
    [InlineData("""{"pages":3}""", "pages", "Pages are even.")]
    [InlineData("""{"pages":2,"link":"http://["}""", "", "Invalid URI")]
    public void What_the_constructor_of_the_options_refuses_is_a_fault(string json, string field, string message)
    {
        var fault = OptionsType.Of<StrictOptions>().Check(Encoding.UTF8.GetBytes(json));

        Assert.Equal(field, fault?.Field);
        Assert.Contains(message, fault!.Message);
    }

    [Theory]
    [InlineData("""{"kind":"circle","radius":2}""", null)]
    [InlineData("""{"radius":2,"kind":"circle"}""", null)]
    [InlineData("""{"kind":"circle","radius":0}""", "radius")]
    [InlineData("""{"kind":"circle","width":2}""", "width")]
    [InlineData("""{"kind":"square"}""", "")]
    [InlineData("""{"radius":2}""", "")]
    public void A_type_can_be_chosen_by_a_field(string json, string? field) => Assert.Equal(field, OptionsType.Of<Shape>().Check(Encoding.UTF8.GetBytes(json))?.Field);

    [Fact]
    public void A_type_that_is_no_object_is_refused_at_once_by_its_name()
    {
        Assert.Contains("Dictionary", Assert.Throws<ArgumentException>(OptionsType.Of<Dictionary<string, string>>).Message);
        Assert.Contains("JsonObject", Assert.Throws<ArgumentException>(OptionsType.Of<System.Text.Json.Nodes.JsonObject>).Message);
        Assert.Contains("IFormattable", Assert.Throws<ArgumentException>(OptionsType.Of<IFormattable>).Message);
        Assert.Contains("TextReader", Assert.Throws<ArgumentException>(OptionsType.Of<TextReader>).Message);
    }

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

    private sealed record FlagOptions([property: Description("Whether it is open")] bool? IsOpen = null, bool IsNew = true);

    private sealed class StrictOptions
    {
        public StrictOptions(int pages, string link = "http://localhost") => (Pages, Link) =
            (pages % 2 == 0 ? pages : throw new ArgumentException("Pages are even.", nameof(pages)), new Uri(link).ToString());

        public int Pages { get; }

        public string Link { get; }
    }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
    [JsonDerivedType(typeof(Circle), "circle")]
    private abstract record Shape;

    private sealed record Circle([Range(1, 9)] int Radius = 1) : Shape;

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    private sealed record OpenOptions(string UserId);
}
