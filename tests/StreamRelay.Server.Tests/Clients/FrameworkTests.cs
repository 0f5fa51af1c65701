using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamRelay.Testing.Upstreams;

namespace StreamRelay.Server.Clients;

/// <summary>Frameworks of other languages have a conversation of two turns with parallel tools, an image and a structured output:
/// the server of models gets from them behind StreamRelay what they send to it directly.</summary>
public sealed class FrameworkTests
{
    private const string Answer = "{\\\"warmest\\\":\\\"Rome\\\"}";

    private static readonly string Role = Chunks.Delta("""{"role":"assistant","content":""}""");
    private static readonly string[] Streaming = ["stream", "stream_options"];

    [Theory]
    [InlineData("langchain.mjs")]
    [InlineData("openai-agents.mjs")]
    public async Task A_framework_has_the_conversation_that_it_has_directly(string file)
    {
        using var model = HostileUpstream.Start(Reply);
        using var app = new RelayApp(new()
        {
            ["StreamRelay:Agents:m:Type"] = "upstream",
            ["StreamRelay:Agents:m:BaseUrl"] = model.BaseUrl,
            ["StreamRelay:Agents:m:Model"] = "m",
        });
        var direct = await ConverseAsync(file, model.BaseUrl);
        var relayed = await ConverseAsync(file, $"{app.Address}v1");
        Assert.Equal("{\"warmest\":\"Rome\"}", direct);
        Assert.Equal(direct, relayed);

        var requests = model.Calls.Select(Request).ToList();
        Assert.Equal(4, requests.Count);
        Assert.True(JsonNode.DeepEquals(requests[0], requests[2]), $"{requests[0]}\nbecame {requests[2]}");
        Assert.True(JsonNode.DeepEquals(requests[1], requests[3]), $"{requests[1]}\nbecame {requests[3]}");
        Assert.Contains("image_url", requests[0].ToJsonString());
        Assert.Contains("json_schema", requests[0].ToJsonString());
        Assert.Equal(["call_a", "call_b"], requests[1]["messages"]!.AsArray().Where(message => (string?)message!["role"] == "tool").Select(message => (string?)message!["tool_call_id"]));
    }

    private static ScriptedAnswer Reply(UpstreamCall call)
    {
        var hasResults = call.Json.GetProperty("messages").EnumerateArray().Any(message => message.GetProperty("role").ValueEquals("tool"));
        var content = hasResults ? Chunks.Text(Answer) + Chunks.Finish() : Chunks.Call(Call(0, "call_a", "Rome")) + Chunks.Call(Call(1, "call_b", "Oslo")) + Chunks.Finish("tool_calls");
        return ScriptedAnswer.Stream(Role + content + Chunks.Usage() + Chunks.Done);
    }

    private static string Call(int index, string id, string city) => $$$"""
        {"index":{{{index}}},"id":"{{{id}}}","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"{{{city}}}\"}"}}
        """;

    /// <summary>The request without the fields that StreamRelay sets.</summary>
    private static JsonObject Request(UpstreamCall call)
    {
        var request = JsonNode.Parse(call.Body)!.AsObject();
        foreach (var name in Streaming)
            request.Remove(name);

        return request;
    }

    private static async Task<string> ConverseAsync(string file, string address)
    {
        var start = new ProcessStartInfo("node", [Path.Combine("conversations", file)]) { WorkingDirectory = JavaScriptClients.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BASE_URL"] = address;
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        Assert.True(node.ExitCode == 0, $"{await output}\n{await errors}");
        return (await output).Trim();
    }
}
