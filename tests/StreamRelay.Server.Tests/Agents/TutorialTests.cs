using System.Text;
using System.Text.Json;

namespace StreamRelay.Server.Agents;

/// <summary>The tutorial agent, with an independent model server and without a model.</summary>
public sealed class TutorialTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("fenced")]
    public async Task A_tutorial_is_written_streamed_and_filed(string fault)
    {
        await using var model = await ModelServer.StartAsync(fault);
        using var app = App(model);
        var id = await app.StartAsync("MySQL", "write_tutorial");
        var task = await app.TaskAsync(id);
        Assert.Equal("completed", task.GetProperty("status").GetString());
        var events = Events(await app.ReadAsync(id));
        Assert.Equal(2, events.Count(json => Type(json) == "step_end"));
        Assert.Equal("MySQL in a day", Assert.Single(events, json => Type(json) == "data").GetProperty("data").GetProperty("title").GetString());
        Assert.Equal(3, await model.CountAsync(app.Client));
        await AssertFileAsync(app, events);
    }

    [Theory]
    [InlineData("bad-outline", "bad_outline")]
    [InlineData("empty", "bad_outline")]
    [InlineData("cut", "model_interrupted")]
    [InlineData("slow", "model_timeout")]
    [InlineData("500", "model_unavailable")]
    [InlineData("429", "model_unavailable")]
    [InlineData("malformed", "model_interrupted")]
    public async Task Each_fault_of_the_model_server_becomes_one_failure_code(string fault, string code)
    {
        await using var model = await ModelServer.StartAsync(fault);
        using var app = App(model);
        using var answer = await app.PostAsync("/v1/chat/completions", RelayApp.Chat("MySQL").Replace("\"probe\"", "\"write_tutorial\""));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());
        var id = answer.Headers.GetValues("X-Task-Id").Single();
        var task = await app.TaskAsync(id);
        Assert.Equal(("failed", code), (task.GetProperty("status").GetString(), task.GetProperty("error").GetProperty("code").GetString()));
        if (fault == "cut")
            Assert.Contains("A paragraph", Output(Events(await app.ReadAsync(id))));
        if (fault is "500" or "429")
            Assert.Equal(3, await model.CountAsync(app.Client));
    }

    [Fact]
    public async Task Without_a_model_an_honest_outline_is_written_in_the_same_way()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Tutorial:OfflinePause"] = "00:00:00" });
        var id = await app.StartAsync("Knots & <b>ropes</b> 😀", "write_tutorial");
        await app.TaskAsync(id);
        var events = Events(await app.ReadAsync(id));
        Assert.Contains("written without a language model", Output(events));
        await AssertFileAsync(app, events);
    }

    [Fact]
    public async Task The_topic_is_found_in_the_sentence_that_asks_for_the_tutorial()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Tutorial:OfflinePause"] = "00:00:00" });

        var id = await app.StartAsync("Write a tutorial about MySQL", "write_tutorial");
        await app.TaskAsync(id);

        Assert.Equal("MySQL: a tutorial", Assert.Single(Events(await app.ReadAsync(id)), json => Type(json) == "data").GetProperty("data").GetProperty("title").GetString());
    }

    private static RelayApp App(ModelServer model) => new(new()
    {
        ["StreamRelay:Model:BaseUrl"] = $"{model.Address}v1",
        ["StreamRelay:Model:TokenTimeout"] = "00:00:01",
        ["StreamRelay:Model:FirstTokenTimeout"] = "00:00:02",
        ["StreamRelay:Model:MaxRetries"] = "2",
        ["StreamRelay:Model:RetryDelay"] = "00:00:00.001",
    });

    private static async Task AssertFileAsync(RelayApp app, List<JsonElement> events)
    {
        var file = Assert.Single(events, json => Type(json) == "file");
        Assert.Equal(Output(events), Encoding.UTF8.GetString(await app.Client.GetByteArrayAsync(file.GetProperty("url").GetString())));
        Assert.True(events.Last(json => Type(json) == "usage").GetProperty("completion_tokens").GetInt64() > 0);
    }

    private static List<JsonElement> Events(string stream) =>
        [.. SseText.Frames(stream).Select(frame => JsonElement.Parse(SseText.Data(frame))).Where(json => json.TryGetProperty("event_type", out _))];

    private static string Type(JsonElement json) => json.GetProperty("event_type").GetString()!;

    private static string Output(List<JsonElement> events) =>
        string.Concat(events.Where(json => Type(json) == "output").Select(json => json.GetProperty("content").GetString()));
}
