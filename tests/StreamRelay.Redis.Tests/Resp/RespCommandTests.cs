using System.Text;

namespace StreamRelay.Redis.Resp;

public sealed class RespCommandTests
{
    [Fact]
    public void Arguments_go_out_as_the_bytes_that_they_are()
    {
        ReadOnlyMemory<byte> memory = new byte[] { 0, 13, 10, 255 };
        var command = RespCommand.Of("XADD", "größe", -9_223_372_036_854_775_808, memory, "ab"u8.ToArray(), "");

        Assert.Equal(
            "*6\r\n$4\r\nXADD\r\n$7\r\ngr\u00c3\u00b6\u00c3\u009fe\r\n$20\r\n-9223372036854775808\r\n$4\r\n\0\r\n\xff\r\n$2\r\nab\r\n$0\r\n\r\n",
            Encoding.Latin1.GetString(command.Encoded.Span));
    }

    [Fact]
    public void A_command_does_not_change_with_the_bytes_that_it_was_made_of()
    {
        byte[] bytes = [(byte)'a'];
        var command = RespCommand.Of("ECHO", bytes);
        bytes[0] = (byte)'b';

        Assert.EndsWith("a\r\n", Encoding.ASCII.GetString(command.Encoded.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_arguments_are_counted_as_many()
    {
        var command = RespCommand.Of("DEL", [.. Enumerable.Range(0, 12_345).Select(number => (RespArgument)number)]);

        var value = RespText.Read(Encoding.Latin1.GetString(command.Encoded.Span));
        Assert.Equal(12_346, value.Items.Count);
        Assert.Equal(12_344, value.Items[^1].AsLong());
    }
}
