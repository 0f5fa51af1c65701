using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Protocols;

/// <summary>The earlier turns that an agent gets as its input.</summary>
public sealed class ConversationTests
{
    [Fact]
    public async Task A_text_in_a_session_continues_the_stored_turns_and_messages_in_the_request_win()
    {
        await using var model = await FaultyUpstream.StartAsync("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello Ada.\"},\"finish_reason\":\"stop\"}]}\n\n");
        using var app = App(model);
        await AskAsync(app, """{"agent":"relayed","session_id":"s","input":"I am Ada."}""");
        await AskAsync(app, """{"agent":"relayed","session_id":"s","input":"Who am I?"}""");
        Assert.Equal("""[{"role":"user","content":"I am Ada."},{"role":"assistant","content":"Hello Ada."},{"role":"user","content":"Who am I?"}]""", Messages(model));
        await AskAsync(app, """{"agent":"relayed","session_id":"s","input":"And again?"}""");
        Assert.Equal(5, JsonElement.Parse(Messages(model)).GetArrayLength());
        await AskAsync(app, """{"agent":"relayed","session_id":"s","input":[{"role":"user","content":"Alone."}]}""");
        Assert.Equal("""[{"role":"user","content":"Alone."}]""", Messages(model));
        await AskAsync(app, """{"agent":"relayed","session_id":"other","input":"Who am I?"}""");
        Assert.Equal(1, JsonElement.Parse(Messages(model)).GetArrayLength());
    }

    [Fact]
    public async Task A_response_continues_an_earlier_one_and_a_deleted_previous_response_is_an_error()
    {
        await using var model = await FaultyUpstream.StartAsync(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"extra_content\":{\"s\":1},\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n");
        using var app = App(model);
        var first = await RespondAsync(app, """{"model":"relayed","input":"Call it."}""");
        await RespondAsync(app, $$"""{"model":"relayed","previous_response_id":"{{first}}","input":[{"type":"function_call_output","call_id":"c","output":"2"}]}""");
        Assert.Equal("""[{"role":"user","content":"Call it."},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","extra_content":{"s":1},"function":{"name":"f","arguments":"{\u0022a\u0022:1}"}}]},{"role":"tool","tool_call_id":"c","content":"2"}]""", Messages(model));
        using var deleted = await app.Client.DeleteAsync($"/v1/responses/{first}");
        using var gone = await app.PostAsync("/v1/responses", $$"""{"model":"relayed","previous_response_id":"{{first}}","input":"x"}""");
        Assert.Equal("previous_response_not_found", (await gone.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Encrypted_reasoning_is_in_its_item_and_goes_back_to_the_server_that_made_it()
    {
        await using var model = await FaultyUpstream.StartAsync(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Hm.\",\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"e\"}]}}]}\n\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}\n\n");
        using var app = App(model);
        using var created = await app.PostAsync("/v1/conversations", "{}");
        var conversation = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        using var answer = await app.PostAsync("/v1/responses", $$"""{"model":"relayed","conversation":"{{conversation}}","input":"Hi.","include":["reasoning.encrypted_content"]}""");
        await RespondAsync(app, $$"""{"model":"relayed","conversation":"{{conversation}}","input":"And now?"}""");

        var reasoning = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("output")[0];
        Assert.Equal(("reasoning", "e"), (reasoning.GetProperty("type").GetString(), reasoning.GetProperty("encrypted_content").GetString()));
        var sent = JsonElement.Parse(Messages(model))[1];
        Assert.Equal(("Hello.", "Hm."), (sent.GetProperty("content").GetString(), sent.GetProperty("reasoning_content").GetString()));
        Assert.Equal("""[{"type":"reasoning.encrypted","data":"e"}]""", sent.GetProperty("reasoning_details").GetRawText());
    }

    private static RelayApp App(FaultyUpstream model) => new(new()
    {
        ["StreamRelay:Agents:relayed:Type"] = "upstream",
        ["StreamRelay:Agents:relayed:BaseUrl"] = model.BaseUrl,
        ["StreamRelay:Agents:relayed:Model"] = "m",
    });

    private static string Messages(FaultyUpstream model) => JsonElement.Parse(model.LastBody).GetProperty("messages").ToString();

    private static async Task AskAsync(RelayApp app, string body)
    {
        using var started = await app.PostAsync("/v1/tasks", body);
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        Assert.Equal("completed", (await app.TaskAsync(id)).GetProperty("status").GetString());
    }

    private static async Task<string> RespondAsync(RelayApp app, string body)
    {
        using var answer = await app.PostAsync("/v1/responses", body);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }
}
