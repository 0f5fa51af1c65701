using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamRelay.AspNetCore.Access;
using StreamRelay.TestSupport;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Server.Logging;

/// <summary>A server that logs everything that any component can log, to the console and to a file, and every secret that was used with it.</summary>
internal sealed partial class RedactionServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ServerProcess _process;
    private readonly HostileUpstream _upstream;
    private readonly List<string> _secrets;

    private RedactionServer(DirectoryInfo folder, ServerProcess process, HostileUpstream upstream, List<string> secrets)
    {
        (_folder, _process, _upstream, _secrets) = (folder, process, upstream, secrets);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secrets[0]);
    }

    public HttpClient Client => _process.Client;

    /// <summary>All that was secret: keys, tickets, cookies, prompts.</summary>
    public IReadOnlyList<string> Secrets => _secrets;

    /// <summary>Settings that make every component log everything.</summary>
    public static string[] Verbose(string log) =>
    [
        "--Logging:LogLevel:Default=Trace", "--Serilog:MinimumLevel:Default=Verbose", "--Serilog:MinimumLevel:Override:Microsoft=Verbose", "--Serilog:MinimumLevel:Override:System=Verbose",
        "--Serilog:MinimumLevel:Override:StreamRelay.AspNetCore.Access.ApiKeyHandler=Verbose", "--Serilog:WriteTo:0:Name=File", $"--Serilog:WriteTo:0:Args:path={log}",
        "--Serilog:WriteTo:0:Args:outputTemplate={Level:u3} {SourceContext} {Message:lj} {Properties:j}{NewLine}{Exception}",
    ];

    public static async Task<RedactionServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var (key, hash) = ApiKey.Create();
        List<string> secrets = [key, NewSecret("upstream"), NewSecret("model"), NewSecret("webhook"), NewSecret("environment")];

        // It quotes the key and the question, as some servers do.
        var upstream = HostileUpstream.Start(call => call.Target.Contains("/hook", StringComparison.Ordinal) ? ScriptedAnswer.Json("{}")
            : call.LastText.StartsWith("answer", StringComparison.Ordinal) ? Dialects.Find("plain").Answer
            : ScriptedAnswer.Json($$"""{"message":"Wrong key {{secrets[1]}} for '{{call.LastText}}'."}""", "400 Bad Request"));
        var process = await ServerProcess.StartAsync(folder.FullName,
        [
            .. Verbose(Path.Combine(folder.FullName, "server.log")),
            "--StreamRelay:Auth:Keys:0:Owner=ann", $"--StreamRelay:Auth:Keys:0:Hash={hash}", .. AccessScopes.All.Select((scope, index) => $"--StreamRelay:Auth:Keys:0:Scopes:{index}={scope}"),
            "--StreamRelay:Agents:relayed:Type=upstream", $"--StreamRelay:Agents:relayed:BaseUrl={upstream.BaseUrl}", "--StreamRelay:Agents:relayed:Model=m", $"--StreamRelay:Agents:relayed:ApiKey={secrets[1]}",
            $"--StreamRelay:Model:BaseUrl={upstream.BaseUrl}", "--StreamRelay:Model:Model=m", $"--StreamRelay:Model:ApiKey={secrets[2]}",
            "--StreamRelay:Agents:program:Type=process", "--StreamRelay:Agents:program:Command=/bin/sh", "--StreamRelay:Agents:program:Arguments:0=-c",
            "--StreamRelay:Agents:program:Arguments:1=cat; echo $SECRET >&2; exit 3", $"--StreamRelay:Agents:program:Environment:SECRET={secrets[4]}", "--StreamRelay:Agents:remote:Type=push",
            $"--StreamRelay:Webhooks:Endpoints:0:Url={upstream.BaseUrl}/hook", $"--StreamRelay:Webhooks:Endpoints:0:Secret={secrets[3]}", "--StreamRelay:Webhooks:AllowPrivate=true", "--StreamRelay:Webhooks:MaxAttempts=1",
        ]);
        return new(folder, process, upstream, secrets);
    }

    /// <summary>A text that occurs nowhere else, and is secret from now on.</summary>
    public string Secret(string purpose)
    {
        _secrets.Add(NewSecret(purpose));
        return _secrets[^1];
    }

    /// <summary>Sends a request, reads its answer to the end, and returns it. Tickets, keys and cookies in it are secret from now on.</summary>
    public async Task<string> SendAsync(HttpMethod method, string path, string? body = null, string? contentType = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, contentType ?? "application/json") };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.Headers.TryGetValues("Set-Cookie", out var cookies))
            _secrets.AddRange(cookies.Select(cookie => cookie.Split('=', 2)[1].Split(';')[0]));

        var text = await ReadAsync(answer);
        _secrets.AddRange(Issued().Matches(text).Select(match => match.Groups[1].Value));
        return text;
    }

    /// <summary>Starts a task, waits for its end, and returns its id.</summary>
    public async Task<string> RunAsync(string agent, string input)
    {
        var started = await SendAsync(HttpMethod.Post, "/v1/tasks", JsonSerializer.Serialize(new { agent, input, metadata = new { note = Secret("metadata") } }));
        var id = JsonElement.Parse(started).GetProperty("id").GetString()!;
        if (agent != "remote")
            await SendAsync(HttpMethod.Get, $"/v1/tasks/{id}?wait=60");

        return id;
    }

    /// <summary>Sends bytes that are no request.</summary>
    public async Task SendRawAsync(string bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        using var answer = new StreamReader(client.GetStream());
        try
        {
            await answer.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(bytes));
            client.Client.Shutdown(SocketShutdown.Send);
            await answer.ReadToEndAsync().WaitAsync(Relay.Deadline);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The server has closed the connection before it read everything.
        }
    }

    /// <summary>Ends the server, and returns what it wrote to the console and to the file.</summary>
    public async Task<string> StopAsync()
    {
        await _process.TerminateAsync();
        return _process.Output + await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "server.log"));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _upstream.Dispose();
        _folder.Delete(recursive: true);
    }

    public static string NewSecret(string purpose) => $"{purpose}-{Guid.NewGuid():N}";

    /// <summary>The body of an answer, as far as it comes: failures of streams cut it.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        var text = new StringBuilder();
        try
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
                text.Append(line).Append('\n');
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
        }

        return text.ToString();
    }

    [GeneratedRegex("\"(?:ticket|key)\":\\s?\"([^\"]{20,})\"")]
    private static partial Regex Issued();
}
