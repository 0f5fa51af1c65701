using System.Buffers;
using System.Text;
using System.Text.Json;
using StreamRelay.Testing;

namespace StreamRelay.Protocols.Json;

public sealed class JsonTextTests
{
    private static readonly string[] Tricky =
    [
        "\r", "\n", "\r\n", "\0", "\u0085", "\u2028", "\u2029", "\u007f", "\u0001", "\u001f", "\"", "\\", "/", "\t",
        "é", "e\u0301", "漢", "😀", "👩‍🚀", "🇩🇪", "\uFEFF", "\u202E", "â", "Â", "\uFFFD", "a", " ", "data: ", "\n\n", "[DONE]",
    ];

    [Fact]
    public void Any_text_comes_back_as_it_was_on_one_line_with_emoji_kept()
    {
        foreach (var seed in Seeds.Take(2000))
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => random.Next(3) == 0 ? RandomRune(random) : Tricky[random.Next(Tricky.Length)]));
            var json = Write(text);
            Assert.Equal(text, JsonSerializer.Deserialize<string>(json));
            Assert.DoesNotContain(json, unit => unit is < ' ' or '\u0085' or '\u2028' or '\u2029');
            Assert.DoesNotContain("\\ud", json, StringComparison.OrdinalIgnoreCase);
        }
    }

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

    private static string RandomRune(Random random)
    {
        var value = random.Next(0x110000);
        return Rune.IsValid(value) ? new Rune(value).ToString() : "x";
    }

    private static string Write(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        output.WriteString(text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Copy(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        var output = new ArrayBufferWriter<byte>();
        output.WriteValue(ref reader);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
