using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Server.Protocols;

/// <summary>Requests in the forms that front ends and their HTTP libraries send.</summary>
public sealed class FrontEndTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly RelayApp _app = fixture.App;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task A_compressed_body_is_read(string encoding)
    {
        using var answer = await SendAsync(Encode(RelayApp.Chat("count 2 0", stream: false), encoding), encoding);
        Assert.Equal("t1 t2 ", await TextAsync(answer));
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_body()
    {
        using var answer = await SendAsync([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(RelayApp.Chat("count 2 0", stream: false))]);
        Assert.Equal("t1 t2 ", await TextAsync(answer));
    }

    [Theory]
    [InlineData("zstd", "application/json", 415, "Content-Encoding", "unsupported_encoding")]
    [InlineData("gzip, gzip", "application/json", 415, "Content-Encoding", "unsupported_encoding")]
    [InlineData("gzip", "application/json", 400, "Content-Encoding", "invalid_encoding")]
    [InlineData(null, "application/json; charset=utf-16", 415, "Content-Type", "unsupported_charset")]
    public async Task A_body_that_cannot_be_decoded_is_refused_with_the_reason(string? encoding, string type, int status, string param, string code)
    {
        using var answer = await SendAsync(Encoding.UTF8.GetBytes(RelayApp.Chat("count 2 0")), encoding, type);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((status, param, code), ((int)answer.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_compressed_body_is_bounded_by_its_size_after_decompression()
    {
        using var answer = await SendAsync(Encode(RelayApp.Chat(new string('x', 5_000_000)), "gzip"), "gzip");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("/openai/deployments/probe/chat/completions?api-version=2025-04-01-preview", """{"model":"other","messages":[{"role":"user","content":"count 2 0"}]}""")]
    [InlineData("/openai/v1/chat/completions", """{"model":"probe","messages":[{"role":"user","content":"count 2 0"}]}""")]
    [InlineData("/openai/responses?api-version=2025-04-01-preview", """{"model":"probe","input":"count 2 0"}""")]
    [InlineData("/openai/v1/responses", """{"model":"probe","input":"count 2 0"}""")]
    public async Task The_paths_of_Azure_clients_are_served(string path, string body)
    {
        using var answer = await _app.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"t1 t2 \"", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_unknown_deployment_is_named_and_the_models_are_listed()
    {
        using var answer = await _app.PostAsync("/openai/deployments/nobody/chat/completions", RelayApp.Chat("count 2 0"));
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal((HttpStatusCode.NotFound, "deployment"), (answer.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains("probe", await _app.Client.GetStringAsync("/openai/models?api-version=2025-04-01-preview"));
    }

    [Fact]
    public async Task A_key_may_come_in_the_header_of_Azure_clients()
    {
        var (key, hash) = ApiKey.Create();
        using var app = new RelayApp(new() { ["StreamRelay:Auth:Keys:0:Owner"] = "someone", ["StreamRelay:Auth:Keys:0:Hash"] = hash });
        (string, HttpStatusCode)[] cases = [(key, HttpStatusCode.OK), ("sr-wrong", HttpStatusCode.Unauthorized), ("", HttpStatusCode.Unauthorized)];
        foreach (var (sent, status) in cases)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/openai/v1/models");
            request.Headers.TryAddWithoutValidation("api-key", sent);
            using var answer = await app.Client.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    private static byte[] Encode(string text, string encoding)
    {
        var bytes = new MemoryStream();
        using (var encoded = Encoder(bytes, encoding))
            encoded.Write(Encoding.UTF8.GetBytes(text));

        return bytes.ToArray();
    }

    private static Stream Encoder(Stream bytes, string encoding) => encoding switch
    {
        "gzip" => new GZipStream(bytes, CompressionLevel.Fastest),
        "br" => new BrotliStream(bytes, CompressionLevel.Fastest),
        "deflate" => new ZLibStream(bytes, CompressionLevel.Fastest),
        _ => bytes,
    };

    private static async Task<string?> TextAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private Task<HttpResponseMessage> SendAsync(byte[] body, string? encoding = null, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        return _app.Client.PostAsync("/v1/chat/completions", content);
    }
}
