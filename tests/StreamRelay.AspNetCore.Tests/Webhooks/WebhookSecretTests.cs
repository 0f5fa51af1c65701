using System.Text;

namespace StreamRelay.AspNetCore.Webhooks;

public class WebhookSecretTests
{
    [Fact]
    public void The_signature_is_that_of_the_reference_libraries()
    {
        Assert.True(WebhookSecret.TryRead("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key));

        var signature = WebhookSecret.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Theory]
    [InlineData("sixteen letters!", 16)]
    [InlineData("fünfzehn und ein", 17)]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 24)]
    public void A_secret_is_text_or_base64_after_its_prefix(string secret, int keyLength)
    {
        Assert.True(WebhookSecret.TryRead(secret, out var key));
        Assert.Equal(keyLength, key.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fifteen letters")]
    [InlineData("                short")]
    [InlineData("whsec_")]
    [InlineData("whsec_this is not base64 at all, is it")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void A_weak_secret_is_refused(string secret) => Assert.False(WebhookSecret.TryRead(secret, out _));

    [Fact]
    public void A_key_longer_than_the_specification_allows_is_refused() =>
        Assert.False(WebhookSecret.TryRead("whsec_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('k', 65))), out _));
}
