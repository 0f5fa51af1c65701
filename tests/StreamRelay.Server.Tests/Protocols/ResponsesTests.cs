using System.ClientModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenAI.Responses;

#pragma warning disable OPENAI001 // The client marks all of Responses as still open to change.

namespace StreamRelay.Server.Protocols;

/// <summary>Responses over HTTP and through the official .NET client.</summary>
public sealed class ResponsesTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    private readonly RelayApp _app = fixture.App;

    [Fact]
    public async Task A_plain_a_streamed_a_polled_and_a_retrieved_response_have_the_same_content()
    {
        var plain = await CreateAsync("""{"model":"probe","input":"reason 2 0","metadata":{"a":"b"},"temperature":0.5}""");
        var id = plain.GetProperty("id").GetString()!;
        Assert.Equal("completed", plain.GetProperty("status").GetString());
        Assert.Equal("done", plain.GetProperty("output")[1].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("t1 t2 ", plain.GetProperty("output")[0].GetProperty("summary")[0].GetProperty("text").GetString());
        Assert.Equal("b", plain.GetProperty("metadata").GetProperty("a").GetString());
        Assert.Equal(0.5, plain.GetProperty("temperature").GetDouble());
        Assert.Equal(9, plain.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(plain.ToString(), (await _app.Client.GetFromJsonAsync<JsonElement>($"/v1/responses/{id}")).ToString());
        var last = (await EventsAsync(id))[^1];
        Assert.Equal("response.completed", last.GetProperty("type").GetString());
        Assert.Equal(plain.ToString(), last.GetProperty("response").ToString());
    }

    [Fact]
    public async Task A_resume_continues_after_a_sequence_number_and_a_replay_has_the_same_numbers()
    {
        var id = (await CreateAsync("""{"model":"probe","input":"count 20 0"}""")).GetProperty("id").GetString()!;
        var whole = (await EventsAsync(id)).Select(json => json.ToString()).ToList();
        for (var seen = 0; seen < whole.Count; seen++)
            Assert.Equal(whole.Skip(seen + 1), (await EventsAsync(id, $"&starting_after={seen}")).Select(json => json.ToString()));

        Assert.Equal(Enumerable.Range(0, whole.Count), whole.Select(json => JsonElement.Parse(json).GetProperty("sequence_number").GetInt32()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task A_value_that_is_not_a_number_is_refused(string after)
    {
        var id = (await CreateAsync("""{"model":"probe","input":"count 1 0"}""")).GetProperty("id").GetString()!;
        using var answer = await _app.Client.GetAsync($"/v1/responses/{id}?stream=true&starting_after={after}");
        Assert.Equal((400, "starting_after"), await ErrorAsync(answer));
    }

    [Fact]
    public async Task A_background_response_is_polled_and_cancelled_as_often_as_one_likes()
    {
        var created = await CreateAsync("""{"model":"probe","input":"count 100000 10","background":true}""");
        var id = created.GetProperty("id").GetString()!;
        Assert.Contains(created.GetProperty("status").GetString(), (string[])["queued", "in_progress"]);
        using var first = await _app.PostAsync($"/v1/responses/{id}/cancel", "");
        var cancelled = await first.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("cancelled", cancelled.GetProperty("status").GetString());
        using var second = await _app.PostAsync($"/v1/responses/{id}/cancel", "");
        Assert.Equal(cancelled.ToString(), await second.Content.ReadAsStringAsync());
        Assert.Equal("response.incomplete", (await EventsAsync(id))[^1].GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_impossible_value_is_refused_and_its_field_is_named()
    {
        var ended = (await CreateAsync("""{"model":"probe","input":"count 1 0"}""")).GetProperty("id").GetString()!;
        using var cancelled = await _app.PostAsync($"/v1/responses/{ended}/cancel", "");
        Assert.Equal((400, "id"), await ErrorAsync(cancelled));
        foreach (var (body, status, param) in ((string, int, string?)[])[
            ("""{"model":"probe"}""", 400, "input"), ("""{"model":"probe","input":7}""", 400, "input"), ("""{"model":"probe","input":[]}""", 400, "input"),
            ("""{"model":"probe","input":[7]}""", 400, "input[0]"), ("""{"model":"probe","input":[{"role":"user"}]}""", 400, "input[0].content"),
            ("""{"model":"probe","input":" "}""", 400, "input"), ("""{"input":"x"}""", 400, "model"), ("""{"model":"nobody","input":"x"}""", 404, "model"),
            ("""{"model":"probe","input":"x","background":true,"store":false}""", 400, "store"), ("""{"model":"probe","input":"x","stream":1}""", 400, "stream"),
            ("""{"model":"probe","input":"x","previous_response_id":"resp_1"}""", 400, "previous_response_id"),
            ("""{"model":"probe","input":"x","metadata":[]}""", 400, "metadata")])
        {
            using var answer = await _app.PostAsync("/v1/responses", body);
            Assert.Equal((status, param), await ErrorAsync(answer));
        }

        foreach (var path in (string[])["/v1/responses/resp_x", "/v1/responses/x?stream=true", $"/v1/responses/{ended[5..]}"])
        {
            using var unknown = await _app.Client.GetAsync(path);
            Assert.Equal((404, "id"), await ErrorAsync(unknown));
        }
    }

    [Fact]
    public async Task A_failed_response_is_424_for_a_waiting_request_and_has_status_failed_when_retrieved()
    {
        using var waited = await _app.PostAsync("/v1/responses", """{"model":"probe","input":"fail 2 0"}""");
        Assert.Equal(424, (int)waited.StatusCode);
        var id = $"resp_{waited.Headers.GetValues("X-Task-Id").Single()}";
        var response = await _app.Client.GetFromJsonAsync<JsonElement>($"/v1/responses/{id}");
        Assert.Equal("failed", response.GetProperty("status").GetString());
        Assert.Equal(("server_error", "probe_failed"), (response.GetProperty("error").GetProperty("code").GetString(), response.GetProperty("error").GetProperty("x_code").GetString()));
        Assert.Equal("t1 t2 ", response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("incomplete", response.GetProperty("output")[0].GetProperty("status").GetString());
        Assert.Equal("response.failed", (await EventsAsync(id))[^1].GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_deleted_response_and_one_with_store_false_are_not_found()
    {
        var id = (await CreateAsync("""{"model":"probe","input":"count 1 0"}""")).GetProperty("id").GetString()!;
        using var deleted = await _app.Client.DeleteAsync($"/v1/responses/{id}");
        Assert.Equal($$"""{"id":"{{id}}","object":"response.deleted","deleted":true}""", await deleted.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync($"/v1/responses/{id}")).StatusCode);

        var passing = (await CreateAsync("""{"model":"probe","input":"count 1 0","store":false}""")).GetProperty("id").GetString()!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await _app.Client.GetAsync($"/v1/responses/{passing}", deadline.Token)).StatusCode != HttpStatusCode.NotFound)
            await Task.Yield();
    }

    [Fact]
    public async Task The_official_client_streams_resumes_and_cancels()
    {
        var client = Client();
        var options = new CreateResponseOptions("probe", [ResponseItem.CreateUserMessageItem("count 50 0")]) { BackgroundModeEnabled = true, StreamingEnabled = true };
        var (text, id, seen) = ("", "", 0);
        await foreach (var update in await client.CreateResponseStreamingAsync(options))
        {
            id = update is StreamingResponseCreatedUpdate created ? created.Response.Id : id;
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            seen = update.SequenceNumber;
            if (seen == 20)
                break;
        }

        var isCompleted = false;
        await foreach (var update in await client.GetResponseStreamingAsync(new GetResponseOptions(id) { StartingAfter = seen, StreamingEnabled = true }))
        {
            Assert.Equal(++seen, update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            isCompleted |= update is StreamingResponseCompletedUpdate;
        }

        Assert.True(isCompleted);
        Assert.Equal(string.Concat(Enumerable.Range(1, 50).Select(number => $"t{number} ")), text);
        Assert.Equal(text, (await client.GetResponseAsync(id)).Value.GetOutputText());

        var running = (await client.CreateResponseAsync(new CreateResponseOptions("probe", [ResponseItem.CreateUserMessageItem("count 100000 10")]) { BackgroundModeEnabled = true })).Value;
        Assert.Equal(ResponseStatus.Cancelled, (await client.CancelResponseAsync(running.Id)).Value.Status);
    }

    [Fact]
    public async Task The_official_client_gets_function_calls_failures_and_refusals()
    {
        var client = Client();
        var answer = (await client.CreateResponseAsync("probe", "call 5 0")).Value;
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(answer.OutputItems));
        Assert.Equal(("call_1", "get_weather", "{\"city\":\"Paris\"}"), (call.CallId, call.FunctionName, call.FunctionArguments.ToString()));
        Assert.Equal(424, (await Assert.ThrowsAsync<ClientResultException>(() => client.CreateResponseAsync("probe", "fail 1 0"))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => client.CreateResponseAsync("nobody", "x"))).Status);
        var isFailed = false;
        await foreach (var update in await client.CreateResponseStreamingAsync("probe", "fail 3 0"))
            isFailed |= update is StreamingResponseFailedUpdate;

        Assert.True(isFailed);
    }

    private async Task<JsonElement> CreateAsync(string body)
    {
        using var answer = await _app.PostAsync("/v1/responses", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<List<JsonElement>> EventsAsync(string id, string query = "") =>
        [.. SseText.Frames(await _app.Client.GetStringAsync($"/v1/responses/{id}?stream=true{query}")).Select(frame => JsonElement.Parse(SseText.Data(frame)))];

    private static async Task<(int Status, string? Param)> ErrorAsync(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("param").GetString());

    private ResponsesClient Client() => new(new ApiKeyCredential("none"), new ResponsesClientOptions { Endpoint = new(_app.Address, "/v1") });
}
