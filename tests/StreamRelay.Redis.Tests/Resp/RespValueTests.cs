namespace StreamRelay.Redis.Resp;

public sealed class RespValueTests
{
    [Fact]
    public void Asking_for_something_else_says_what_was_expected_and_what_was_found()
    {
        Assert.Equal("Expected an integer from Redis, found Array.", Assert.Throws<RespProtocolException>(() => RespText.Read("*0\r\n").AsLong()).Message);
        Assert.Equal("Expected an integer from Redis, found Bulk.", Assert.Throws<RespProtocolException>(() => RespText.Read("$1\r\nx\r\n").AsLong()).Message);
        Assert.Equal("Expected a text from Redis, found Null.", Assert.Throws<RespProtocolException>(() => default(RespValue).AsText()).Message);
        Assert.Equal("Expected a text from Redis, found Integer.", Assert.Throws<RespProtocolException>(() => RespText.Read(":1\r\n").AsBytes()).Message);
        Assert.Equal("Expected an array from Redis, found Bulk.", Assert.Throws<RespProtocolException>(() => RespText.Read("$0\r\n\r\n").Items).Message);
    }

    [Fact]
    public void A_number_in_a_text_is_a_number() => Assert.Equal(-42, RespText.Read("$3\r\n-42\r\n").AsLong());

    [Fact]
    public void An_error_throws_itself_whatever_it_is_asked_for()
    {
        var error = RespText.Read("-NOGROUP No such key 'k'\r\n");

        Assert.Equal("NOGROUP", Assert.Throws<RespErrorException>(error.ThrowIfError).Code);
        Assert.Equal("NOGROUP", Assert.Throws<RespErrorException>(() => error.AsLong()).Code);
        Assert.Equal("NOGROUP No such key 'k'", Assert.Throws<RespErrorException>(() => error.AsText()).Message);
        Assert.Equal("NOGROUP", Assert.Throws<RespErrorException>(() => error.Items).Code);
    }
}
