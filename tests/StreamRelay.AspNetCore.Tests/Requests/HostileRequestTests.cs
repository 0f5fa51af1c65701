using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using StreamRelay.TestSupport;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Requests that real clients send, changed at random, by the same changes in every run. More of them come with <c>STREAMRELAY_SEEDS</c>.</summary>
public sealed class HostileRequestTests
{
    private const int Seed = 1;

    private const string Json = "application/json";

    private static readonly (string Path, string Type, string Body)[] Posts =
    [
        .. SampleBodies.Native.Select(static body => ("/v1/tasks", Json, body)),
        .. SampleBodies.Chat.Select(static body => ("/v1/chat/completions", Json, body)),
        .. SampleBodies.Responses.Select(static body => ("/v1/responses", Json, body)),
        .. SampleBodies.Anthropic.Select(static body => ("/v1/messages", Json, body)),
        .. SampleBodies.Anthropic.Select(static body => ("/v1/messages/count_tokens", Json, body)),
        .. SampleBodies.AiSdk.Select(static body => ("/api/chat", Json, body)),
        .. SampleBodies.AgUi.Select(static body => ("/ag-ui/echo", Json, body)),
        ("/v1/tickets", Json, """{"tasks":["{task}"]}"""),
        ("/v1/operations/o/complete", Json, """{"success":true,"result":{"a":1},"error":null,"task_id":"{task}"}"""),
        ("/v1/tasks/{task}/events", Json, $"[{string.Join(',', SampleEvents.Json.SkipLast(2))}]"),
        ("/v1/tasks/{task}/events", "application/x-ndjson", string.Join("\n\n", SampleEvents.Json)),
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Last-Event-ID", "1.1"), ("Producer-Id", "p"), ("Producer-Epoch", "0"), ("Producer-Seq", "0"), ("Idempotency-Key", "\"key\""), ("Accept", "application/json, text/event-stream;q=0.5"),
        ("Authorization", "Bearer sr-x"), ("api-key", "sr-x"), ("Cookie", "streamrelay-0123456789abcdef=AA; other=1"), ("Origin", "http://127.0.0.1"), ("Sec-Fetch-Site", "same-origin"),
        ("If-None-Match", "\"x\""), ("Range", "bytes=0-4"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("X-Request-Id", "x"),
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
                await CheckAsync(host, round, Post(path.Replace("{task}", task), type, ByteMutation.Of(Encoding.UTF8.GetBytes(body.Replace("{task}", task)), random), random));

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

    private static HttpRequestMessage Post(string path, string type, byte[] body, Random random)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        AddHeader(request, random);
        return request;
    }

    private static HttpRequestMessage Get(Uri address, string path, Random random)
    {
        var changed = Encoding.UTF8.GetString(ByteMutation.Of(Encoding.UTF8.GetBytes(path[1..]), random));
        var request = new HttpRequestMessage(HttpMethod.Get, address.AbsoluteUri + string.Join('/', changed.Split('/').Select(part => Uri.EscapeDataString(part).Replace("%3F", "?").Replace("%3D", "=").Replace("%26", "&"))));
        AddHeader(request, random);
        return request;
    }

    /// <summary>Adds a header that clients send, changed as far as a header can hold it.</summary>
    private static void AddHeader(HttpRequestMessage request, Random random)
    {
        var (name, value) = Headers[random.Next(Headers.Length)];
        var changed = ByteMutation.Of(Encoding.UTF8.GetBytes(value), random).Where(static character => character is >= (byte)' ' and < 0x7F);
        request.Headers.TryAddWithoutValidation(name, Encoding.ASCII.GetString([.. changed]));
    }
}
