using System.Diagnostics;
using System.Text.Json.Nodes;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Server.Clients;

/// <summary>Clients and frameworks in JavaScript have a conversation of two turns with parallel tools, an image and a structured output:
/// the server of models gets from them behind StreamRelay what they send to it directly.</summary>
public sealed class FrameworkTests
{
    private const string Answer = "{\\\"warmest\\\":\\\"Rome\\\"}";

    private static readonly string Role = Chunks.Delta("""{"role":"assistant","content":""}""");
    private static readonly string[] Streaming = ["stream", "stream_options"];

    [Theory]
    [InlineData("anthropic.mjs", "Messages")]
    [InlineData("langchain.mjs", "Chat")]
    [InlineData("openai-agents.mjs", "Chat")]
    public async Task A_client_has_the_conversation_that_it_has_directly(string file, string api)
    {
        using var model = HostileUpstream.Start(Reply);
        using var app = new RelayApp(new()
        {
            ["StreamRelay:Agents:m:Type"] = "upstream",
            ["StreamRelay:Agents:m:BaseUrl"] = model.BaseUrl,
            ["StreamRelay:Agents:m:Model"] = "m",
            ["StreamRelay:Agents:m:Api"] = api,
        });
        var direct = await ConverseAsync(file, model.BaseUrl);
        var relayed = await ConverseAsync(file, $"{app.Address}v1");
        Assert.Equal("{\"warmest\":\"Rome\"}", direct);
        Assert.Equal(direct, relayed);

        var requests = model.Calls.Select(Request).ToList();
        Assert.Equal(4, requests.Count);
        Assert.True(JsonNode.DeepEquals(requests[0], requests[2]), $"{requests[0]}\nbecame {requests[2]}");
        Assert.True(JsonNode.DeepEquals(requests[1], requests[3]), $"{requests[1]}\nbecame {requests[3]}");
        Assert.All(["iVBORw0KGgo", "json_schema"], part => Assert.Contains(part, requests[0].ToJsonString()));
        Assert.All(["iVBORw0KGgo", "json_schema", "call_a", "\"21\"", "call_b", "\"9\""], part => Assert.Contains(part, requests[1].ToJsonString()));
    }

    private static ScriptedAnswer Reply(UpstreamCall call)
    {
        var isSecond = call.Body.Contains("call_a", StringComparison.Ordinal);
        return ScriptedAnswer.Stream(call.Target.Contains("/messages", StringComparison.Ordinal) ? Message(isSecond) : Chunked(isSecond));
    }

    private static string Chunked(bool isSecond)
    {
        var content = isSecond ? Chunks.Text(Answer) + Chunks.Finish() : Chunks.Call(Call(0, "call_a", "Rome")) + Chunks.Call(Call(1, "call_b", "Oslo")) + Chunks.Finish("tool_calls");
        return Role + content + Chunks.Usage() + Chunks.Done;
    }

    private static string Message(bool isSecond) => MessagesFrames.Start
        + (isSecond ? MessagesFrames.Text(0, Answer) : MessagesFrames.Thinking(0, "Hm.", "c2ln") + Use(1, "call_a", "Rome") + Use(2, "call_b", "Oslo"))
        + MessagesFrames.Finish(isSecond ? "end_turn" : "tool_use") + MessagesFrames.Stop;

    private static string Use(int index, string id, string city) =>
        MessagesFrames.Begin(index, $$$"""{"type":"tool_use","id":"{{{id}}}","name":"get_weather","input":{}}""")
        + MessagesFrames.Arguments(index, $$"""{"city":"{{city}}"}""") + MessagesFrames.End(index);

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
