using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Logging;

/// <summary>Whatever is requested, and whatever fails: no key, ticket, cookie, secret or prompt is in what the server writes, at any level.</summary>
public sealed class RedactionTests
{
    [Fact]
    public async Task No_secret_and_no_prompt_is_written_at_any_level_by_any_component()
    {
        await using var server = await RedactionServer.StartAsync();
        await StartTasksAsync(server);
        await PushAsync(server);
        await ReadAsync(server);
        await ManageKeysAsync(server);
        await FailAsync(server);

        var written = await server.StopAsync();
        Assert.Contains("VRB", written, StringComparison.Ordinal);
        Assert.Contains("Microsoft.AspNetCore", written, StringComparison.Ordinal);
        Assert.All(server.Secrets, secret => Assert.DoesNotContain(secret, written, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("ConnectionStrings:Redis=127.0.0.1:1,password={0}", "ConnectionStrings:Postgres=Host=127.0.0.1;Port=1;Username=me;Password={0}")]
    [InlineData("ConnectionStrings:Redis=redis://me:{0}@127.0.0.1:1", "ConnectionStrings:Postgres=Host=127.0.0.1;Prot=1;Password={0}")]
    [InlineData("ConnectionStrings:Redis=127.0.0.1:1,pasword={0}", "ConnectionStrings:Postgres=Host=127.0.0.1;Password={0}")]
    [InlineData("ConnectionStrings:Redis=redis://me:{0}@[", "ConnectionStrings:Postgres=postgres://me:{0}@127.0.0.1:1/db")]
    [InlineData("StreamRelay:Model:BaseUrl=https://me:{0}@example.com", "StreamRelay:Model:ApiKye={0}")]
    [InlineData("StreamRelay:Auth:Keys:0:Hash=sr-{0}", "StreamRelay:Auth:Keys:0:Key={0}")]
    [InlineData("StreamRelay:Webhooks:Endpoints:0:Secret=whsec_{0}", "StreamRelay:Webhooks:Endpoints:0:Url=https://me:{0}@")]
    [InlineData("StreamRelay:Agents:a:Type=upstream", "StreamRelay:Agents:a:ApiKeys={0}")]
    public async Task A_start_that_is_refused_writes_no_secret(string first, string second)
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var secret = RedactionServer.NewSecret("secret");
        var log = Path.Combine(folder.FullName, "server.log");
        string[] settings = [$"--{string.Format(null, first, secret)}", $"--{string.Format(null, second, secret)}"];

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(folder.FullName, [.. RedactionServer.Verbose(log), .. settings]));

        Assert.DoesNotContain(secret, refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(secret, File.Exists(log) ? await File.ReadAllTextAsync(log) : "", StringComparison.OrdinalIgnoreCase);
        folder.Delete(recursive: true);
    }

    private static async Task StartTasksAsync(RedactionServer server)
    {
        foreach (var agent in (string[])["relayed", "program", "write_tutorial"])
        {
            foreach (var prompt in (string[])[$"answer {server.Secret("prompt")}", server.Secret("prompt")])
            {
                await server.RunAsync(agent, prompt);
                foreach (var (path, body) in Bodies(agent, JsonSerializer.Serialize(prompt), server))
                    await server.SendAsync(HttpMethod.Post, path, body, headers: ("Idempotency-Key", Guid.NewGuid().ToString()));
            }
        }
    }

    private static IEnumerable<(string Path, string Body)> Bodies(string agent, string prompt, RedactionServer server)
    {
        foreach (var stream in (string[])["true", "false"])
        {
            yield return ("/v1/chat/completions", $$"""{"model":"{{agent}}","stream":{{stream}},"messages":[{"role":"system","content":"{{server.Secret("system")}}"},{"role":"user","content":{{prompt}}}]}""");
            yield return ("/v1/messages", $$"""{"model":"{{agent}}","stream":{{stream}},"max_tokens":100,"system":"{{server.Secret("system")}}","messages":[{"role":"user","content":{{prompt}}}]}""");
            yield return ("/v1/responses", $$"""{"model":"{{agent}}","stream":{{stream}},"instructions":"{{server.Secret("instructions")}}","input":{{prompt}}}""");
        }

        yield return ("/api/chat", $$"""{"id":"{{Guid.NewGuid()}}","agent":"{{agent}}","messages":[{"id":"1","role":"user","parts":[{"type":"text","text":{{prompt}}}]}]}""");
        yield return ($"/ag-ui/{agent}", $$"""{"threadId":"t","runId":"{{Guid.NewGuid()}}","state":{"s":"{{server.Secret("state")}}"},"messages":[{"id":"1","role":"user","content":{{prompt}}}]}""");
    }

    private static async Task PushAsync(RedactionServer server)
    {
        var task = await server.RunAsync("remote", server.Secret("prompt"));
        await server.SendAsync(HttpMethod.Post, $"/v1/tasks/{task}/events", $$"""{"event_type":"output","content":"{{server.Secret("pushed")}}"}""");
        await server.SendAsync(HttpMethod.Post, $"/v1/tasks/{task}/events", $$"""{"event_type":"wrong","content":"{{server.Secret("refused")}}"}""");
        await server.SendAsync(HttpMethod.Post, $"/v1/tasks/{task}/events", $$"""{"event_type":"log","content":"{{server.Secret("line")}}"}""" + "\n{" + server.Secret("broken"), "application/x-ndjson");
        await server.SendAsync(HttpMethod.Post, $"/v1/operations/unknown/complete", $$"""{"success":false,"error":"{{server.Secret("error")}}","task_id":"{{task}}"}""");
    }

    private static async Task ReadAsync(RedactionServer server)
    {
        var task = await server.RunAsync("program", server.Secret("prompt"));
        var ticket = JsonElement.Parse(await server.SendAsync(HttpMethod.Post, "/v1/tickets", $$"""{"tasks":["{{task}}"]}""")).GetProperty("ticket").GetString();
        server.Client.DefaultRequestHeaders.Authorization = null;
        foreach (var protocol in Wire.Protocols)
            await server.SendAsync(HttpMethod.Get, $"/v1/tasks/{task}/events?protocol={protocol}&ticket={ticket}");

        await server.SendAsync(HttpMethod.Get, $"/v1/events?task={task}&Ticket={ticket}");
        await server.SendAsync(HttpMethod.Get, $"/v1/tasks/{task}/files?%74icket={ticket}", headers: ("Cookie", $"streamrelay-0={server.Secret("cookie")}"));
        await server.SendAsync(HttpMethod.Get, $"/v1/tasks/{task}/events?ticket={server.Secret("ticket")}");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", server.Secrets[0]);
        foreach (var path in (string[])["/v1/tasks?limit=1000", $"/v1/tasks/{task}/events?snapshot=1", $"/v1/responses/resp_{task}", "/v1/models", "/v1/limits", "/openapi/v1.json", "/health/ready"])
            await server.SendAsync(HttpMethod.Get, path);
    }

    private static async Task ManageKeysAsync(RedactionServer server)
    {
        var made = await server.SendAsync(HttpMethod.Post, "/v1/keys", """{"owner":"bob"}""");
        var id = JsonElement.Parse(made).GetProperty("id").GetString();
        await server.SendAsync(HttpMethod.Post, $"/v1/keys/{id}/rotate?overlap=1h");
        await server.SendAsync(HttpMethod.Get, "/v1/tasks", headers: ("api-key", server.Secrets[^1]));
        await server.SendAsync(HttpMethod.Delete, $"/v1/keys/{id}");
    }

    private static async Task FailAsync(RedactionServer server)
    {
        foreach (var header in (string[])["Authorization", "api-key", "Cookie", "Last-Event-ID", "Idempotency-Key"])
            await server.SendAsync(HttpMethod.Get, "/v1/tasks/none/events", headers: (header, $"Bearer {server.Secret("header")}"));

        foreach (var path in (string[])["/v1/tasks", "/v1/chat/completions", "/v1/responses", "/v1/messages", "/api/chat", "/ag-ui", "/v1/tickets", "/v1/keys"])
        {
            await server.SendAsync(HttpMethod.Post, path, $$"""{"model":"{{server.Secret("agent")}}","input":{"x":"{{server.Secret("input")}}"},"messages":[{"role":"{{server.Secret("role")}}"}]}""");
            await server.SendAsync(HttpMethod.Post, path, server.Secret("body"));
        }

        await server.SendRawAsync($"GET /v1/models HTTP/1.1\r\nHost: a\r\nAuthorization {server.Secret("raw")}\r\n\r\n");
        await server.SendRawAsync($"GET ?ticket={server.Secret("raw")} HTTP/1.1\r\n\r\n");
        await server.SendRawAsync($"POST /v1/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {server.Secrets[0]}\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{server.Secret("chunk")}\r\n");
        await server.SendRawAsync($"POST /v1/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {server.Secrets[0]}\r\nContent-Length: 1000\r\n\r\n{{\"input\":\"{server.Secret("cut")}");
    }
}
