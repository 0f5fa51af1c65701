using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using StreamRelay.TestSupport;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Server.Agents;

/// <summary>Every dialect of an upstream, read in every protocol: the content is that of the upstream, and the protocols agree.</summary>
public sealed class DialectTests(DialectFixture fixture) : IClassFixture<DialectFixture>
{
    public static TheoryData<string> Names => [.. Dialects.All.Select(dialect => dialect.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_dialect_of_the_upstream_is_understood_or_refused_alike_in_every_protocol(string name)
    {
        var dialect = Dialects.Find(name);
        var id = await StartAsync(name);
        var streams = await Task.WhenAll(Wire.Protocols.Select(protocol => ReadAsync(Wire.Events(id, protocol))));
        var native = ReceivedStream.Parse("native", streams[0]);
        Assert.Equal(dialect.Calls, native.Calls.Select((call, index) => dialect.Calls[index].Id.Length > 0 ? call : call with { Id = "" }));
        foreach (var (protocol, stream) in Wire.Protocols.Zip(streams))
        {
            var received = ReceivedStream.Parse(protocol, stream);
            Assert.Equal((protocol, dialect.Text + dialect.Refusal, dialect.Thoughts), (protocol, received.Text + received.Refusal, received.Thoughts));
            Assert.Equal((protocol, dialect.ReasoningDetails), (protocol, received.ReasoningDetails));
            Assert.Equal(dialect.Citations, received.Citations);
            if (!Wire.IsModelApi(protocol))
                Assert.Equal((protocol, dialect.Data), (protocol, received.Data));
            if (HasTokens(protocol))
                Assert.Equal((protocol, dialect.Refusal, dialect.Tokens), (protocol, received.Refusal, received.Tokens));
            Assert.Equal((protocol, dialect.Error is null ? "completed" : "failed", dialect.Error), (protocol, received.Status, received.Error));
            Assert.Equal(native.Calls, received.Calls);
            if (dialect.Error is null && received.FinishReason is { } reason)
                Assert.Equal((protocol, ExpectedReason(protocol, dialect)), (protocol, reason));
            if (dialect.Usage is { } usage && received.Usage is { } reported)
                Assert.Equal((protocol, (usage.Prompt, usage.Completion, usage.Prompt + usage.Completion), dialect.UsageDetails), (protocol, reported, received.UsageDetails));
        }
    }

    [Theory]
    [InlineData("a refusal", """{"role":"assistant","content":null,"refusal":"I won't.","annotations":[]}""")]
    [InlineData("annotations", """{"role":"assistant","content":"Hello","refusal":null,"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/","title":"A","start_index":0,"end_index":5}},{"type":"url_citation","url_citation":{"url":"https://b.example/","title":"B"}}]}""")]
    [InlineData("details of the reasoning", """{"role":"assistant","content":"Hello","refusal":null,"annotations":[],"reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"c2ln"}],"reasoning_content":"hm"}""")]
    [InlineData("a call with a signature", """{"role":"assistant","content":null,"refusal":null,"annotations":[],"tool_calls":[{"id":"call_a","type":"function","extra_content":{"google":{"thought_signature":"c2ln"}},"function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}}]}""")]
    public async Task An_answer_without_a_stream_has_what_its_stream_has(string name, string message)
    {
        using var answer = await fixture.App.PostAsync("/v1/chat/completions", RelayApp.Chat(name, stream: false).Replace("\"probe\"", "\"relayed\"", StringComparison.Ordinal));
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(message, json.GetProperty("choices")[0].GetProperty("message").GetRawText());
    }

    [Fact]
    public async Task Probabilities_and_details_of_the_usage_are_part_of_an_answer_without_a_stream()
    {
        using var answer = await fixture.App.PostAsync("/v1/chat/completions", RelayApp.Chat("logprobs", stream: false).Replace("\"probe\"", "\"relayed\"", StringComparison.Ordinal));
        var tokens = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content");
        Assert.Equal(["Hel", "lo"], tokens.EnumerateArray().Select(token => token.GetProperty("token").GetString()));

        var id = await StartAsync("details of the usage");
        await fixture.App.TaskAsync(id);
        using var response = await fixture.App.Client.GetAsync($"/v1/responses/resp_{id}");
        Assert.Contains("""
            "input_tokens_details":{"cached_tokens":5},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":2}
            """.Trim(), await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mutated_answer_is_the_same_in_every_protocol()
    {
        foreach (var seed in Seeds.Take(60))
        {
            var id = await StartAsync(DialectFixture.Mutated(seed));
            var streams = await Task.WhenAll(Wire.Protocols.Select(protocol => ReadAsync(Wire.Events(id, protocol))));
            var native = ReceivedStream.Parse("native", streams[0]);
            foreach (var (protocol, stream) in Wire.Protocols.Zip(streams).Skip(1))
            {
                var received = ReceivedStream.Parse(protocol, stream);
                var (expected, actual) = HasTokens(protocol) ? (native.Text, received.Text) : (Sort(native.Text + native.Refusal), Sort(received.Text));
                Assert.Equal((seed, protocol, expected, native.Thoughts), (seed, protocol, actual, received.Thoughts));
                Assert.Equal((seed, protocol, native.Status, native.Error), (seed, protocol, received.Status, received.Error));
                Assert.Equal(native.Calls, received.Calls);
            }
        }
    }

    [Fact]
    public async Task The_official_NET_client_reads_refusals_calls_probabilities_sources_and_usage()
    {
        var client = new ChatClient("relayed", new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new(fixture.App.Address, "/v1") });
        Assert.Equal("I won't.", (await AskAsync("a refusal")).Refusal);
        Assert.Equal(["{\"city\":\"Rome\"}", "{\"city\":\"Oslo\"}"], (await AskAsync("an id that is empty")).ToolCalls.Select(call => call.FunctionArguments.ToString()));
        Assert.Equal(["Hel", "lo"], (await AskAsync("logprobs")).ContentTokenLogProbabilities.Select(token => token.Token));
        var usage = (await AskAsync("details of the usage")).Usage;
        Assert.Equal((5, 2), (usage.InputTokenDetails.CachedTokenCount, usage.OutputTokenDetails.ReasoningTokenCount));
        Assert.Null((await AskAsync("plain")).Usage.InputTokenDetails);
        Assert.Equal(ChatFinishReason.Stop, (await AskAsync("finish reason bored")).FinishReason);
        Assert.Equal(ChatFinishReason.Length, (await AskAsync("finish reason MAX_TOKENS")).FinishReason);
        var refused = new List<string>();
        await foreach (var update in client.CompleteChatStreamingAsync("a refusal"))
            refused.Add(update.RefusalUpdate ?? "");

        Assert.Equal("I won't.", string.Concat(refused));

        async Task<ChatCompletion> AskAsync(string name) => (await client.CompleteChatAsync(new UserChatMessage(name))).Value;
    }

    [Theory]
    [InlineData("an image", "image-1.png", "image/png", "PNG")]
    [InlineData("an image in the content", "image-1.jpg", "image/jpeg", "JPG")]
    [InlineData("the transcript of audio", "audio.wav", "audio/wav", "RIFF")]
    public async Task Images_and_audio_of_an_answer_are_files_of_the_task(string name, string file, string mediaType, string content)
    {
        var task = await fixture.App.TaskAsync(await StartAsync(name));
        var stored = Assert.Single(task.GetProperty("files").EnumerateArray());
        Assert.Equal((file, mediaType), (stored.GetProperty("name").GetString(), stored.GetProperty("media_type").GetString()));
        Assert.Equal(content, await fixture.App.Client.GetStringAsync(stored.GetProperty("url").GetString()));
    }

    /// <summary>Text in any order: a refusal between two pieces of text is a part of the text where it has no place of its own.</summary>
    private static string Sort(string text) => string.Concat(text.Order());

    /// <summary>Anthropic Messages has no text of its own for a refusal, and says it with the reason.</summary>
    private static string ExpectedReason(string protocol, Dialect dialect) =>
        protocol == "anthropic-messages" && dialect.Refusal.Length > 0 ? "content_filter" : dialect.FinishReason;

    /// <summary>Whether the protocol has a place for refusals and for the probabilities of tokens.</summary>
    private static bool HasTokens(string protocol) => protocol is "native" or "openai-chat" or "openai-responses";

    /// <summary>Starts a task that reports its usage in Chat too.</summary>
    private async Task<string> StartAsync(string name)
    {
        var agent = DialectFixture.Agent(Dialects.All.FirstOrDefault(dialect => dialect.Name == name)?.Wire ?? UpstreamWire.Chat);
        var body = RelayApp.Chat(name, extra: ""","stream_options":{"include_usage":true}""").Replace("\"probe\"", $"\"{agent}\"", StringComparison.Ordinal);
        using var answer = await fixture.App.PostAsync("/v1/chat/completions", body);
        return answer.Headers.GetValues("X-Task-Id").Single();
    }

    /// <summary>Reads a stream to its end. Chat breaks the connection off after an error.</summary>
    private async Task<string> ReadAsync(string address)
    {
        using var body = await fixture.App.Client.GetStreamAsync(address);
        using var kept = new MemoryStream();
        try
        {
            await body.CopyToAsync(kept);
        }
        catch (HttpIOException exception) when (exception.HttpRequestError == HttpRequestError.ResponseEnded && address.EndsWith("openai-chat", StringComparison.Ordinal))
        {
            Assert.Contains("\"error\"", Encoding.UTF8.GetString(kept.ToArray()));
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }
}
