using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Clients that ask for lists, pages, snapshots and stored responses of large tasks, and read none of them.</summary>
public sealed class UnreadAnswerTests
{
    private const int Tasks = 4;
    private const int Readers = 50;

    // More than the operating system keeps for a connection.
    private const int TaskBytes = 8 << 20;
    private const long Budget = 64 << 20;

    // The buffers of 200 connections, and what the collector has not found yet.
    private const long Slack = 64 << 20;

    [Fact]
    public async Task Answers_that_nobody_reads_stay_within_the_memory_that_is_configured_and_further_ones_are_refused_until_there_is_room()
    {
        await using var host = await HostApp.StartAsync(("StreamRelay:Streams:MemoryBytes", $"{Budget}"), ("StreamRelay:Limits:BodyBytes", "16777216"));
        List<string> responses = [];
        for (var task = 0; task < Tasks; task++)
            responses.Add(await RespondAsync(host));

        var tasks = await TaskIdsAsync(host);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        List<TcpClient> readers = [];
        for (var reader = 0; reader < Readers; reader++)
        {
            readers.Add(await AskAsync(host, $"/v1/responses/{responses[reader % Tasks]}"));
            readers.Add(await AskAsync(host, $"/v1/tasks/{tasks[reader % Tasks]}/events?snapshot=1"));
            readers.Add(await AskAsync(host, $"/v1/tasks/{tasks[reader % Tasks]}/events?limit=1000", "application/json"));
            readers.Add(await AskAsync(host, "/v1/tasks?limit=1000"));
        }

        await Wait.UntilAsync(() => Task.FromResult(readers.TrueForAll(reader => reader.Available > 0)), Relay.Deadline, "every answer has begun");
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, Budget + Slack);

        // What a finished task keeps for its next reader is given up after a while, and leaves room for another answer.
        await Wait.UntilAsync(
            async () =>
            {
                readers.Add(await AskAsync(host, $"/v1/responses/{responses[0]}"));
                return await RefusalAsync(host, $"/v1/responses/{responses[0]}") == "memory_budget";
            },
            Relay.Deadline, "further answers are refused");

        readers.ForEach(reader => reader.Dispose());
        await Wait.UntilAsync(async () => await StatusAsync(host, $"/v1/responses/{responses[0]}") == HttpStatusCode.OK, Relay.Deadline, "there is room again");
    }

    private static async Task<string> RespondAsync(HostApp host)
    {
        using var answer = await host.Client.PostAsJsonAsync("/v1/responses", new { model = "echo", input = new string('x', TaskBytes), metadata = new { note = new string('m', 500) } });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string[]> TaskIdsAsync(HostApp host) =>
        [.. (await host.Client.GetFromJsonAsync<JsonElement>("/v1/tasks")).GetProperty("data").EnumerateArray().Select(task => task.GetProperty("id").GetString()!)];

    private static async Task<string?> RefusalAsync(HostApp host, string path)
    {
        using var answer = await host.GetAsync(path);
        return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? await answer.CodeAsync() : null;
    }

    private static async Task<HttpStatusCode> StatusAsync(HostApp host, string path)
    {
        using var answer = await host.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<TcpClient> AskAsync(HostApp host, string path, string accept = "*/*")
    {
        var address = host.Client.BaseAddress!;
        var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(address.Host, address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAccept: {accept}\r\n\r\n"));
        return client;
    }
}
