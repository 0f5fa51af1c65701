using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Protocols;

/// <summary>Conversations that responses continue and are appended to, and the items of inputs.</summary>
public sealed class OpenAiConversationsTests(TranslationFixture fixture) : IClassFixture<TranslationFixture>
{
    private readonly RelayApp _app = fixture.Strict;

    [Fact]
    public async Task A_response_continues_its_conversation_and_is_appended_to_it()
    {
        var id = Id(await PostAsync("/v1/conversations", """{"items":[{"role":"user","content":"I am Ada."},{"role":"assistant","content":"Hello."}],"metadata":{"a":"b"}}"""));

        var response = await PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{id}}","input":"Who am I?"}""");
        Assert.Equal($$"""{"id":"{{id}}"}""", response.GetProperty("conversation").GetRawText());
        Assert.Equal(["user I am Ada.", "assistant Hello.", "user Who am I?"], Sent());
        Assert.Equal(["user I am Ada.", "assistant Hello.", "user Who am I?", "assistant ok"], await ItemsAsync(id));

        await PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":{"id":"{{id}}"},"input":"Again?"}""");
        Assert.Equal(["user I am Ada.", "assistant Hello.", "user Who am I?", "assistant ok", "user Again?"], Sent());
        Assert.Equal("b", (await GetAsync($"/v1/conversations/{id}")).GetProperty("metadata").GetProperty("a").GetString());
    }

    [Fact]
    public async Task A_response_whose_end_was_read_is_in_its_conversation()
    {
        var id = Id(await PostAsync("/v1/conversations", "{}"));
        for (var turn = 1; turn <= 20; turn++)
        {
            using var stream = await _app.PostAsync("/v1/responses", $$"""{"model":"relayed","stream":true,"conversation":"{{id}}","input":"{{turn}}"}""");
            await foreach (var line in LinesAsync(stream))
            {
                if (line.StartsWith("data: {\"type\":\"response.completed\"", StringComparison.Ordinal))
                    break;
            }

            Assert.Equal(2 * turn, (await ItemsAsync(id)).Length);
        }
    }

    [Fact]
    public async Task Responses_at_the_same_time_are_appended_one_after_the_other()
    {
        var id = Id(await PostAsync("/v1/conversations", "{}"));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(turn => PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{id}}","input":"{{turn}}"}""")));

        var items = await ItemsAsync(id);
        Assert.Equal(20, items.Length);
        Assert.All(items.Chunk(2), turn => Assert.Equal(("user", "assistant ok"), (turn[0].Split(' ')[0], turn[1])));
    }

    [Fact]
    public async Task A_response_that_failed_adds_nothing_and_one_that_was_stopped_what_it_had()
    {
        var id = Id(await PostAsync("/v1/conversations", "{}"));

        using var failed = await _app.PostAsync("/v1/responses", $$"""{"model":"probe","conversation":"{{id}}","input":"fail 2 0"}""");
        Assert.Equal(424, (int)failed.StatusCode);
        Assert.Empty(await ItemsAsync(id));

        var running = Id(await PostAsync("/v1/responses", $$"""{"model":"probe","conversation":"{{id}}","input":"count 100000 10","background":true}"""));
        var cancelled = await PostAsync($"/v1/responses/{running}/cancel", "");
        Assert.Equal("user count 100000 10", (await ItemsAsync(id))[0]);
        Assert.Equal(cancelled.GetProperty("output").GetArrayLength() + 1, (await ItemsAsync(id)).Length);
    }

    [Fact]
    public async Task A_response_that_is_not_stored_and_a_deleted_one_stay_in_their_conversation()
    {
        var id = Id(await PostAsync("/v1/conversations", "{}"));
        await PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{id}}","input":"1","store":false}""");
        var second = Id(await PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{id}}","input":"2"}"""));

        using var deleted = await _app.Client.DeleteAsync($"/v1/responses/{second}");

        Assert.True(deleted.IsSuccessStatusCode);
        Assert.Equal(["user 1", "assistant ok", "user 2", "assistant ok"], await ItemsAsync(id));
    }

    [Fact]
    public async Task Items_are_added_listed_in_pages_read_and_deleted()
    {
        var id = Id(await PostAsync("/v1/conversations", "{}"));
        var added = await PostAsync($"/v1/conversations/{id}/items", """
            {"items":[{"role":"user","content":"Weather?"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"21"}]}
            """);
        string[] ids = [.. added.GetProperty("data").EnumerateArray().Select(Id)];
        Assert.Equal(3, ids.Distinct().Count());

        var first = await GetAsync($"/v1/conversations/{id}/items?limit=2");
        Assert.Equal([ids[2], ids[1]], first.GetProperty("data").EnumerateArray().Select(Id));
        Assert.Equal((ids[2], ids[1], true), (Text(first, "first_id"), Text(first, "last_id"), first.GetProperty("has_more").GetBoolean()));
        var last = await GetAsync($"/v1/conversations/{id}/items?limit=2&after={ids[1]}");
        Assert.Equal((1, false), (last.GetProperty("data").GetArrayLength(), last.GetProperty("has_more").GetBoolean()));
        Assert.Equal("""[{"type":"input_text","text":"Weather?"}]""", (await GetAsync($"/v1/conversations/{id}/items/{ids[0]}")).GetProperty("content").GetRawText());

        using var deleted = await _app.Client.DeleteAsync($"/v1/conversations/{id}/items/{ids[2]}");
        Assert.Equal(id, Id(await deleted.Content.ReadFromJsonAsync<JsonElement>()));
        using var gone = await _app.Client.GetAsync($"/v1/conversations/{id}/items/{ids[2]}");
        Assert.Equal((404, "item_id"), await ErrorAsync(gone));
        await PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{id}}","input":[{"type":"function_call_output","call_id":"c","output":"22"}]}""");
        Assert.Equal(["user Weather?", "assistant ", "tool 22"], Sent());
    }

    [Fact]
    public async Task A_conversation_is_changed_and_deleted()
    {
        var id = Id(await PostAsync("/v1/conversations", """{"metadata":{"a":"b"}}"""));
        Assert.Equal("""{"c":"d"}""", (await PostAsync($"/v1/conversations/{id}", """{"metadata":{"c":"d"}}""")).GetProperty("metadata").GetRawText());

        using var deleted = await _app.Client.DeleteAsync($"/v1/conversations/{id}");
        Assert.Equal($$"""{"id":"{{id}}","object":"conversation.deleted","deleted":true}""", await deleted.Content.ReadAsStringAsync());
        using var response = await _app.PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{id}}","input":"x"}""");
        Assert.Equal((404, "conversation"), await ErrorAsync(response));
    }

    [Theory]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","conversation":"conv_x","previous_response_id":"resp_x"}""", "previous_response_id")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","conversation":7}""", "conversation")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","conversation":{}}""", "conversation.id")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","prompt":{"id":"p"}}""", "prompt")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","truncation":"sometimes"}""", "truncation")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","max_tool_calls":0}""", "max_tool_calls")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","max_tool_calls":2,"tools":[{"type":"web_search"}]}""", "max_tool_calls")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","include":["message.output_text.logprobs","file_search_call.results"]}""", "include[1]")]
    [InlineData("/v1/responses", """{"model":"relayed","input":"x","include":[7]}""", "include[0]")]
    [InlineData("/v1/conversations", """{"items":7}""", "items")]
    [InlineData("/v1/conversations", """{"items":[{"role":"user"}]}""", "items[0].content")]
    [InlineData("/v1/conversations", """{"items":[{"type":"item_reference","id":"x"}]}""", "items[0]")]
    [InlineData("/v1/conversations", """{"items":[{"type":"message","role":"user","content":"x","odd":1}]}""", "items[0].odd")]
    [InlineData("/v1/conversations", """{"metadata":[]}""", "metadata")]
    public async Task What_cannot_be_done_is_refused_and_its_field_is_named(string path, string body, string param)
    {
        using var answer = await _app.PostAsync(path, body);
        Assert.Equal((400, param), await ErrorAsync(answer));
    }

    [Fact]
    public async Task A_query_that_cannot_be_answered_is_refused_and_its_parameter_is_named()
    {
        var conversation = Id(await PostAsync("/v1/conversations", "{}"));
        var response = Id(await PostAsync("/v1/responses", """{"model":"relayed","input":"x"}"""));
        foreach (var path in (string[])[$"/v1/conversations/{conversation}/items", $"/v1/responses/{response}/input_items"])
        {
            foreach (var (query, param) in ((string, string)[])[
                ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("order=up", "order"), ("after=msg_x", "after"), ("include[]=web_search_call.results", "include[0]")])
            {
                using var answer = await _app.Client.GetAsync($"{path}?{query}");
                Assert.Equal((400, param), await ErrorAsync(answer));
            }
        }
    }

    [Fact]
    public async Task What_needs_nothing_of_a_model_is_accepted()
    {
        await PostAsync("/v1/responses", """
            {"model":"relayed","input":"x","max_tool_calls":3,"truncation":"auto","include":["reasoning.encrypted_content","message.input_image.image_url"],"tools":[{"type":"function","name":"f"}]}
            """);
        Assert.All(["max_tool_calls", "truncation", "include"], field => Assert.False(JsonElement.Parse(fixture.LastBody).TryGetProperty(field, out _), field));
    }

    [Fact]
    public async Task The_input_of_a_response_is_listed_as_its_agent_got_it()
    {
        var first = Id(await PostAsync("/v1/responses", """{"model":"relayed","input":[{"role":"user","content":[{"type":"input_text","text":"Where?"},{"type":"input_image","image_url":"https://x/y.png","detail":"low"}]}]}"""));
        var second = Id(await PostAsync("/v1/responses", $$"""{"model":"relayed","previous_response_id":"{{first}}","input":"And now?"}"""));

        var own = Assert.Single((await GetAsync($"/v1/responses/{first}/input_items")).GetProperty("data").EnumerateArray());
        Assert.Equal("""[{"type":"input_text","text":"Where?"},{"type":"input_image","image_url":"https://x/y.png","detail":"low"}]""", own.GetProperty("content").GetRawText());
        var all = await GetAsync($"/v1/responses/{second}/input_items?order=asc&limit=2");
        Assert.Equal(["user Where?", "assistant ok"], Describe(all));
        Assert.True(all.GetProperty("has_more").GetBoolean());
        Assert.Equal(["user And now?"], Describe(await GetAsync($"/v1/responses/{second}/input_items?order=asc&after={Text(all, "last_id")}")));
        Assert.Equal(["user And now?", "assistant ok", "user Where?"], Describe(await GetAsync($"/v1/responses/{second}/input_items")));
    }

    [Fact]
    public async Task A_reference_stands_for_the_item_of_a_stored_response_or_of_the_conversation()
    {
        var first = await PostAsync("/v1/responses", """{"model":"relayed","input":"One?"}""");
        var asked = (await GetAsync($"/v1/responses/{Id(first)}/input_items")).GetProperty("data")[0];
        string Reference(JsonElement item) => $$"""{"type":"item_reference","id":"{{Id(item)}}"}""";

        await PostAsync("/v1/responses", $$"""{"model":"relayed","input":[{{Reference(asked)}},{{Reference(first.GetProperty("output")[0])}},{"role":"user","content":"Two?"}]}""");
        Assert.Equal(["user One?", "assistant ok", "user Two?"], Sent());

        var conversation = await PostAsync("/v1/conversations", """{"items":[{"role":"user","content":"Three?"}]}""");
        var item = (await GetAsync($"/v1/conversations/{Id(conversation)}/items")).GetProperty("data")[0];
        await PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{Id(conversation)}}","input":[{{Reference(item)}}]}""");
        Assert.Equal(["user Three?", "user Three?"], Sent());
        foreach (var id in (string[])[Id(item), "msg_x", $"{Id(asked)}9"])
        {
            using var missing = await _app.PostAsync("/v1/responses", $$"""{"model":"relayed","input":[{"role":"user","content":"x"},{"type":"item_reference","id":"{{id}}"}]}""");
            Assert.Equal((404, "input[1].id"), await ErrorAsync(missing));
        }
    }

    [Fact]
    public async Task References_to_a_large_item_make_no_input_that_is_larger_than_a_body()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Limits:BodyBytes"] = "20000" });
        using var created = await app.PostAsync("/v1/conversations", $$"""{"items":[{"role":"user","content":"{{new string('x', 9000)}}"}]}""");
        var conversation = Id(await created.Content.ReadFromJsonAsync<JsonElement>());
        var items = await app.Client.GetFromJsonAsync<JsonElement>($"/v1/conversations/{conversation}/items");
        var reference = $$"""{"type":"item_reference","id":"{{Id(items.GetProperty("data")[0])}}"}""";

        using var twice = await app.PostAsync("/v1/responses", $$"""{"model":"probe","conversation":"{{conversation}}","input":[{{reference}},{{reference}}]}""");
        using var thrice = await app.PostAsync("/v1/responses", $$"""{"model":"probe","conversation":"{{conversation}}","input":[{{reference}},{{reference}},{{reference}}]}""");

        Assert.NotEqual(413, (int)twice.StatusCode);
        Assert.Equal((413, "input"), await ErrorAsync(thrice));
    }

    [Fact]
    public async Task A_conversation_that_is_full_takes_no_more()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Conversations:MaxItems"] = "3", ["StreamRelay:Conversations:MaxBytes"] = "2000" });
        foreach (var (content, count) in ((string, int)[])[("x", 4), (new string('x', 1000), 2)])
        {
            var items = string.Join(',', Enumerable.Repeat($$"""{"role":"user","content":"{{content}}"}""", count));
            using var refused = await app.PostAsync("/v1/conversations", $$"""{"items":[{{items}}]}""");
            Assert.Equal((400, "items"), await ErrorAsync(refused));
        }

        using var created = await app.PostAsync("/v1/conversations", """{"items":[{"role":"user","content":"1"},{"role":"user","content":"2"}]}""");
        var id = Id(await created.Content.ReadFromJsonAsync<JsonElement>());
        using var answered = await app.PostAsync("/v1/responses", $$"""{"model":"probe","conversation":"{{id}}","input":"count 1 0"}""");
        Assert.True(answered.IsSuccessStatusCode);
        Assert.Equal(4, (await app.Client.GetFromJsonAsync<JsonElement>($"/v1/conversations/{id}/items")).GetProperty("data").GetArrayLength());
        using var full = await app.PostAsync("/v1/responses", $$"""{"model":"probe","conversation":"{{id}}","input":"count 1 0"}""");
        Assert.Equal((400, "conversation"), await ErrorAsync(full));
    }

    [Fact]
    public async Task Turns_that_are_too_large_are_refused_or_left_out_as_the_request_asks()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Streams:ConversationBytes"] = "300" });
        var earlier = $$"""[{"role":"user","content":"{{new string('x', 300)}}"},{"role":"user","content":"count 1 0"}]""";
        using var answered = await app.PostAsync("/v1/responses", $$"""{"model":"probe","input":{{earlier}}}""");
        var previous = Id(await answered.Content.ReadFromJsonAsync<JsonElement>());
        using var created = await app.PostAsync("/v1/conversations", $$"""{"items":{{earlier}}}""");
        var conversation = Id(await created.Content.ReadFromJsonAsync<JsonElement>());
        foreach (var continues in (string[])[$"\"previous_response_id\":\"{previous}\"", $"\"conversation\":\"{conversation}\""])
        {
            using var refused = await app.PostAsync("/v1/responses", $$"""{"model":"probe","input":"count 2 0",{{continues}}}""");
            Assert.Equal((400, "truncation"), await ErrorAsync(refused));
            using var cut = await app.PostAsync("/v1/responses", $$"""{"model":"probe","input":"count 2 0","truncation":"auto",{{continues}}}""");
            var response = await cut.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("auto", Text(response, "truncation"));
            var input = Describe(await app.Client.GetFromJsonAsync<JsonElement>($"/v1/responses/{Id(response)}/input_items"));
            Assert.Equal(("user count 2 0", "user count 1 0"), (input[0], input[^1]));
        }
    }

    private static async IAsyncEnumerable<string> LinesAsync(HttpResponseMessage stream)
    {
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
            yield return line;
    }

    private static string Id(JsonElement json) => Text(json, "id");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string[] Describe(JsonElement list) =>
        [.. list.GetProperty("data").EnumerateArray().Select(item => $"{Text(item, "role")} {Text(item.GetProperty("content")[0], "text")}")];

    private static async Task<(int Status, string? Param)> ErrorAsync(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString());

    private string[] Sent() =>
        [.. JsonElement.Parse(fixture.LastBody).GetProperty("messages").EnumerateArray().Select(message => $"{Text(message, "role")} {message.GetProperty("content")}")];

    private async Task<string[]> ItemsAsync(string id) => Describe(await GetAsync($"/v1/conversations/{id}/items?order=asc&limit=100"));

    private Task<JsonElement> GetAsync(string path) => _app.Client.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var answer = await _app.PostAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
