using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;

namespace StreamRelay.Agents;

/// <summary>An attribute holds wherever it is, and what it says reaches the client.</summary>
public sealed class OptionsValidationTests
{
    private static readonly OptionsType Chart = OptionsType.Of<ChartOptions>();

    [Theory]
    [InlineData("""{"temperature":2}""", null, null)]
    [InlineData("""{"temperature":2.4}""", "temperature", "The field temperature must be between 0 and 2")]
    [InlineData("""{"temperature":1e12}""", "temperature", "The field temperature must be between 0 and 2")]
    [InlineData("""{"temperature":"-1e300"}""", "temperature", "The field temperature must be between 0 and 2")]
    [InlineData("""{"price":1.0000000000000000000000001}""", "price", "The field price must be between 0 and 1")]
    [InlineData("""{"share":0}""", "share", "The field share must be between 0 exclusive and 1 exclusive")]
    [InlineData("""{"share":1}""", "share", "The field share must be between 0 exclusive and 1 exclusive")]
    [InlineData("""{"share":0.5}""", null, null)]
    [InlineData("""{"steps":9223372036854775807}""", "steps", "The field steps must be between 1 and 10")]
    [InlineData("""{"width":"9999999999"}""", "width", "The field width must be between 1 and 10")]
    public void A_number_is_compared_with_its_limits_as_it_is(string json, string? field, string? message) => AssertFault(Chart, json, field, message);

    [Theory]
    [InlineData("""{"layout":{"columns":2}}""", null, null)]
    [InlineData("""{"layout":{"columns":70}}""", "layout.columns", "The field columns must be between 1 and 9")]
    [InlineData("""{"series":[{"columns":2},{"columns":0}]}""", "series[1].columns", "The field columns must be between 1 and 9")]
    [InlineData("""{"named":{"left":{"columns":0}}}""", "named.left.columns", "The field columns must be between 1 and 9")]
    public void Nested_objects_and_the_items_of_collections_are_checked(string json, string? field, string? message) => AssertFault(Chart, json, field, message);

    [Theory]
    [InlineData("""{"code":"a"}""", "code", "Use two letters, such as en")]
    [InlineData("""{"words":[]}""", "words", "minimum length of '1'")]
    [InlineData("""{"size":"huge"}""", "size", "does not equal any of the values")]
    [InlineData("""{"first":3,"last":1}""", "last", "The first page is after the last")]
    public void What_an_attribute_states_is_in_the_message(string json, string field, string message) => AssertFault(Chart, json, field, message);

    [Fact]
    public void Attributes_on_the_parameters_of_a_record_hold_in_the_check_and_in_the_schema()
    {
        var type = OptionsType.Of<Page>();

        AssertFault(type, """{"number":30,"subject":"a"}""", "number", "The field number must be between 1 and 20");
        AssertFault(type, """{"number":2,"subject":"a"}""", null, null);
        Assert.Equal(20, Property(type, "number").GetProperty("maximum").GetInt32());
        Assert.Equal("What it is about", Property(type, "subject").GetProperty("description").GetString());
    }

    [Fact]
    public void The_schema_has_limits_that_a_value_may_not_equal_as_such()
    {
        var share = Property(Chart, "share");

        Assert.Equal((0, 1), (share.GetProperty("exclusiveMinimum").GetDouble(), share.GetProperty("exclusiveMaximum").GetDouble()));
        Assert.False(share.TryGetProperty("minimum", out _));
    }

    private static System.Text.Json.JsonElement Property(OptionsType type, string name) => type.Schema.GetProperty("properties").GetProperty(name);

    private static void AssertFault(OptionsType type, string json, string? field, string? message)
    {
        var fault = type.Check(Encoding.UTF8.GetBytes(json));

        Assert.Equal(field, fault?.Field);
        if (message is not null)
            Assert.Contains(message, fault!.Message);
    }

    private sealed class ChartOptions : IValidatableObject
    {
        [Range(0, 2)]
        public double Temperature { get; init; }

        [Range(0, 1)]
        public decimal Price { get; init; }

        [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
        public double Share { get; init; } = 0.5;

        [Range(1, 10)]
        public long Steps { get; init; } = 1;

        [Range(1, 10)]
        public string Width { get; init; } = "1";

        public Layout? Layout { get; init; }

        public IReadOnlyList<Layout> Series { get; init; } = [];

        public IReadOnlyDictionary<string, Layout> Named { get; init; } = new Dictionary<string, Layout>();

        [RegularExpression("[a-z]{2}", ErrorMessage = "Use two letters, such as en.")]
        public string Code { get; init; } = "en";

        [MinLength(1)]
        public IReadOnlyList<string> Words { get; init; } = ["a"];

        [AllowedValues("small", "large")]
        public string Size { get; init; } = "small";

        public int First { get; init; }

        public int Last { get; init; }

        public ChartOptions Self => this;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (First > Last)
                yield return new("The first page is after the last.", [nameof(Last)]);
        }
    }

    private sealed record Layout([Range(1, 9)] int Columns);

    private sealed record Page([Range(1, 20)] int Number, [Description("What it is about")] string Subject);
}
