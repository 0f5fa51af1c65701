using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using StreamRelay.Testing;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Requests that real clients send, changed at random, by the same changes in every run. More of them come with <c>STREAMRELAY_SEEDS</c>.</summary>
public sealed class HostileRequestTests
{
    private const int Seed = 1;

    private static readonly string[] Pieces =
    [
        "\"", "\\ud800", "\\u0000", "\0", "null", "{", "}", "[[[[[[[[", "]", ":", ",", "1e999", "-1", "9223372036854775808", "0.1", "true", "\r", "\n", "\n\n", "\t", "\uFEFF",
        "\"role\":\"user\"", "\"type\":\"text\"", "\"content\":[]", "\"content\":null", "\"parts\":[]", "\"event_type\":\"end\"", "\"input\":{}", "\"\":\"\"", "data: ", "💥",
    ];

    private static readonly (string Path, string Type, string Body)[] Posts =
    [
        ("/v1/tasks", "application/json", """{"agent":"echo","input":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"session_id":"s","operation_id":"o","tool_call_id":"c","metadata":{"a":[1,"b",null]}}"""),
        ("/v1/chat/completions", "application/json", """{"model":"echo","stream":false,"n":1,"temperature":0.5,"stop":["x"],"stream_options":{"include_usage":true},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"r"},{"role":"user","content":[{"type":"text","text":"go"}]}]}"""),
        ("/v1/responses", "application/json", """{"model":"echo","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]},{"type":"function_call","call_id":"1","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"1","output":"r"},{"role":"user","content":"hi"}],"instructions":"i","metadata":{"a":"b"},"stream":false,"background":true}"""),
        ("/v1/messages", "application/json", """{"model":"echo","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"stop_sequences":["x"],"thinking":{"type":"enabled","budget_tokens":1024},"metadata":{"user_id":"u"},"tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},{"type":"bash_20250124","name":"bash"}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}},"messages":[{"role":"user","content":[{"type":"text","text":"hi"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QQ=="}},{"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"d"}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"streamrelay:eyJhIjpbMV19"},{"type":"redacted_thinking","data":"d"},{"type":"tool_use","id":"1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"}],"is_error":true,"cache_control":{"type":"ephemeral"}},{"type":"mid_conv_system","content":[{"type":"text","text":"m"}]},{"type":"text","text":"go"}]}]}"""),
        ("/v1/messages/count_tokens", "application/json", """{"model":"echo","messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}"""),
        ("/api/chat", "application/json", """{"id":"chat","agent":"echo","trigger":"submit-message","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":"hi"}]},{"id":"2","role":"assistant","parts":[{"type":"tool-f","toolCallId":"1","state":"output-available","input":{},"output":{}}]},{"id":"3","role":"user","parts":[{"type":"text","text":"go"}]}]}"""),
        ("/ag-ui/echo", "application/json", """{"threadId":"t","runId":"r","state":{},"tools":[],"context":[],"forwardedProps":{},"messages":[{"id":"1","role":"user","content":"hi"},{"id":"2","role":"assistant","toolCalls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"id":"3","role":"tool","toolCallId":"1","content":"r"}]}"""),
        ("/v1/tickets", "application/json", """{"tasks":["{task}"]}"""),
        ("/v1/operations/o/complete", "application/json", """{"success":true,"result":{"a":1},"error":null,"task_id":"{task}"}"""),
        ("/v1/tasks/{task}/events", "application/json", """[{"event_type":"output","content":"a"},{"event_type":"action","tool_call_id":"c","tool_name":"t","input":{"a":1},"executor":"agent"},{"event_type":"observation","tool_call_id":"c","output":1,"is_error":false},{"event_type":"usage","prompt_tokens":1,"completion_tokens":2}]"""),
        ("/v1/tasks/{task}/events", "application/x-ndjson", """{"event_type":"step_start","step":"1","content":"x"}""" + "\n\n" + """{"event_type":"data","name":"n","data":{"a":[1]}}""" + "\n" + """{"event_type":"file","name":"f","url":"https://x.example/f","media_type":"text/plain"}""" + "\n"),
    ];

    private static readonly string[] Gets =
    [
        "/v1/tasks/{task}/events?after=0&limit=1", "/v1/tasks/{task}/events?protocol=ag-ui&named=1&snapshot=1", "/v1/tasks?state=running&limit=10&before={task}&agent=echo",
        "/v1/events?task={task}:1", "/v1/responses/resp_{task}?starting_after=1", "/api/chat/chat/stream", "/v1/tasks/{task}/files/a.txt", "/v1/models/echo",
    ];

    [Fact]
    public async Task No_request_that_is_changed_at_random_is_a_fault_of_the_server()
    {
        var random = new Random(Seed);
        var log = new FakeLogCollector();
        var parts = new HostAppParts { Services = services => services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(log)) };
        await using var host = await HostApp.StartAsync(parts, ("StreamRelay:Agents:push:Type", "push"));

        for (var round = 0; round < Seeds.Count(150); round++)
        {
            // Events that are pushed may end the task.
            using var started = await host.StartTaskAsync(null, "push");
            var task = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            foreach (var (path, type, body) in Posts)
                await CheckAsync(host, round, Post(path.Replace("{task}", task), type, Change(Encoding.UTF8.GetBytes(body.Replace("{task}", task)), random)));

            await CheckAsync(host, round, Get(host.Client.BaseAddress!, Gets[random.Next(Gets.Length)].Replace("{task}", task), random));
            using var stopped = await host.SendAsync(HttpMethod.Post, $"/v1/tasks/{task}/stop", null);
        }

        Assert.All(log.GetSnapshot(), record => Assert.True(record.Level < LogLevel.Error, $"{record.Message} {record.Exception}"));
    }

    private static async Task CheckAsync(HostApp host, int round, HttpRequestMessage request)
    {
        using (request)
        {
            using var deadline = new CancellationTokenSource(Relay.Deadline);
            try
            {
                using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
                if ((int)answer.StatusCode >= 500)
                    Assert.Fail($"{(int)answer.StatusCode} for {await DescribeAsync(round, request)}");
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"No answer to {await DescribeAsync(round, request)}");
            }
        }
    }

    private static async Task<string> DescribeAsync(int round, HttpRequestMessage request) =>
        $"{request.Method} {request.RequestUri} of round {round}: {(request.Content is null ? "" : await request.Content.ReadAsStringAsync())}";

    private static HttpRequestMessage Post(string path, string type, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new(HttpMethod.Post, path) { Content = content };
    }

    private static HttpRequestMessage Get(Uri address, string path, Random random)
    {
        var changed = Encoding.UTF8.GetString(Change(Encoding.UTF8.GetBytes(path[1..]), random));
        var request = new HttpRequestMessage(HttpMethod.Get, address.AbsoluteUri + string.Join('/', changed.Split('/').Select(part => Uri.EscapeDataString(part).Replace("%3F", "?").Replace("%3D", "=").Replace("%26", "&"))));
        request.Headers.TryAddWithoutValidation("Last-Event-ID", $"{random.Next(-1, 3)}.{random.Next(-1, 3)}");
        return request;
    }

    private static byte[] Change(byte[] input, Random random)
    {
        var bytes = input.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
