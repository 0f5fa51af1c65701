using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamRelay.Agents.Upstream.Requests;

/// <summary>No object in a request to a model's server has a name twice, also where a client has fields that another API has.</summary>
public sealed class UniqueNamesTests
{
    private const string Options = """
        {"instructions":"i","max_tokens":5,"stop":"x","reasoning_effort":"none","verbosity":"low","user":"u","service_tier":"auto","store":true,"logprobs":true,"parallel_tool_calls":false,
        "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}},"tool_choice":{"type":"function","function":{"name":"f"}},"tools":[{"type":"function","function":{"name":"f"}}]}
        """;

    private const string Messages = """
        [{"role":"system","content":"be brief"},
         {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.example/b.png","detail":"low"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QQ=="}},
           {"type":"input_audio","input_audio":{"data":"QQ==","format":"wav"}},{"type":"text","text":"x"}]},
         {"role":"assistant","content":"so","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"},
         {"role":"user","content":"y"}]
        """;

    private static readonly UpstreamOptions Agent = new() { Model = "m" };

    [Theory]
    [InlineData(UpstreamApi.Chat)]
    [InlineData(UpstreamApi.Responses)]
    [InlineData(UpstreamApi.Messages)]
    public void A_field_of_another_API_is_not_written_beside_that_of_the_API(UpstreamApi api)
    {
        var names = Enum.GetValues<UpstreamApi>().SelectMany(static any => Names(JsonElement.Parse(Write(any, Messages, Options)))).ToHashSet();
        var (messages, options) = (JsonNode.Parse(Messages)!, JsonNode.Parse(Options)!);
        Extend(options, names);
        Extend(options["tools"]![0]!, names);
        Extend(options["tool_choice"]!, names);
        foreach (var message in messages.AsArray())
        {
            Extend(message!, names);
            foreach (var part in message!["content"] as JsonArray ?? [])
                Extend(part!, names);
            foreach (var call in message["tool_calls"] as JsonArray ?? [])
                Extend(call!, names);
        }

        var body = Write(api, messages.ToJsonString(), options.ToJsonString());

        _ = JsonElement.Parse(body, new() { AllowDuplicateProperties = false });
    }

    /// <summary>Adds fields, which no API of the client has.</summary>
    private static void Extend(JsonNode json, IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => !json.AsObject().ContainsKey(name)))
            json[name] = "extension";
    }

    private static string Write(UpstreamApi api, string messages, string options) =>
        Encoding.UTF8.GetString(api.Write(new(Encoding.UTF8.GetBytes(messages)) { Options = Encoding.UTF8.GetBytes(options) }, Agent).Body.Span);

    private static IEnumerable<string> Names(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(static member => Names(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
