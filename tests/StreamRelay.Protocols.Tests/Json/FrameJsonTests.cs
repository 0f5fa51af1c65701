using System.Text;
using System.Text.Json;
using CsCheck;
using StreamRelay.TestSupport;

namespace StreamRelay.Protocols.Json;

public sealed class FrameJsonTests
{
    private static readonly string[] Tricky =
    [
        "\r", "\n", "\r\n", "\0", "\u0085", "\u2028", "\u2029", "\u007f", "\u0001", "\u001f", "\"", "\\", "/", "\t",
        "é", "e\u0301", "漢", "😀", "👩‍🚀", "🇩🇪", "\uFEFF", "\u202E", "â", "Â", "\uFFFD", "a", " ", "data: ", "\n\n", "[DONE]",
    ];

    private static readonly Gen<string> AnyRune = Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(value => new Rune(value).ToString());

    private static readonly Gen<string> AnyText = Gen.Frequency((2, Gen.OneOf(Tricky)), (1, AnyRune)).List[0, 40].Select(string.Concat);

    [Fact]
    public void Any_text_comes_back_as_it_was_on_one_line_with_emoji_kept() => AnyText.Sample(text =>
    {
        var json = Write(text);
        Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
        Assert.DoesNotContain(json, unit => unit is < ' ' or '\u0085' or '\u2028' or '\u2029');
        Assert.DoesNotContain("\\ud", json, StringComparison.OrdinalIgnoreCase);
    }, iter: Seeds.Count(2000));

    [Fact]
    public void Only_characters_that_must_be_escaped_are_escaped() =>
        Assert.Equal("\"a\\\"\\\\/\\n\\r\\t\\u0000\\u001f\\u0085\\u2028\\u2029é😀\u007f\"", Write("a\"\\/\n\r\t\0\u001f\u0085\u2028\u2029é😀\u007f"));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1,2.5e3,-0,true,false,null,\"x\",{\"a\":[{}],\"b\":{\"c\":[]}}]")]
    [InlineData("\"😀\"")]
    [InlineData("{\"a b\":{\"\":1}}")]
    public void A_value_is_copied_as_it_is(string json) => Assert.Equal(json, Copy(json));

    [Fact]
    public void A_value_is_written_on_one_line_with_its_text_unescaped() =>
        Assert.Equal("{\"a\":\"😀\\u2028\",\"b\":[1,2]}", Copy("{\n  \"a\": \"\\uD83D\\uDE00\\u2028\",\r\n\t\"b\": [1, 2]\n}"));

    [Fact]
    public void Commas_separate_members_and_elements_at_every_depth()
    {
        var written = Encoding.UTF8.GetString(JsonLine.Encode((ref FrameJson json) =>
        {
            json.BeginObject();
            json.BeginObject("a"u8);
            json.EndObject();
            json.BeginArray("b"u8);
            json.BeginObject();
            json.Number("n"u8, long.MinValue);
            json.Boolean("t"u8, true);
            json.EndObject();
            json.Value("1"u8);
            json.EndArray();
            json.Members("\"m\":1"u8);
            json.Token("k"u8, "v"u8);
            json.Null("z"u8);
            json.EndObject();
        }));

        Assert.Equal("""{"a":{},"b":[{"n":-9223372036854775808,"t":true},1],"m":1,"k":"v","z":null}""", written);
    }

    [Fact]
    public void A_piece_that_ends_inside_an_object_is_continued_without_a_comma()
    {
        var written = Encoding.UTF8.GetString(JsonLine.Encode((ref FrameJson json) =>
        {
            json.Raw("{\"delta\":{"u8);
            json.Text("content"u8, "x");
            json.Raw("}"u8);
            json.Number("index"u8, 0);
            json.EndObject();
        }));

        Assert.Equal("""{"delta":{"content":"x"},"index":0}""", written);
    }

    private static string Write(string text)
    {
        var bytes = JsonLine.Encode((ref FrameJson json) => json.Text("a"u8, text));
        return Encoding.UTF8.GetString(bytes.AsSpan("\"a\":"u8.Length));
    }

    private static string Copy(string json) => Encoding.UTF8.GetString(JsonLine.Encode(Encoding.UTF8.GetBytes(json)));
}
