using System.Globalization;
using System.Text.Json;
using StreamRelay.AspNetCore.Endpoints.Keys;

namespace StreamRelay.Server;

/// <summary>The command <c>keys</c>: makes, lists, replaces and revokes the API keys of a running server, or of a cluster, through its API.</summary>
internal static class KeysCommand
{
    private const string KeyVariable = "STREAMRELAY_KEY";
    private const string DefaultUrl = "http://127.0.0.1:7860";

    private const string Usage = $"""
        Usage: keys new --owner NAME [--scopes start,read,push,admin] [--agents NAME,NAME] [--requests PER-MINUTE] [--note TEXT] [--expires TIME]
               keys list
               keys rotate ID [--overlap 24h]
               keys revoke ID
        All of them: [--url URL] (default {DefaultUrl}); the environment variable {KeyVariable} holds a key with the scope admin.
        """;

    /// <summary>Executes the command and prints its result.</summary>
    /// <param name="args">The arguments after the name of the command.</param>
    /// <param name="output">Where the result is printed.</param>
    /// <returns>0 when it is done, 1 when the server refused it or cannot be reached, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var names = args.TakeWhile(static arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray();
        if (ReadOptions(args[names.Length..]) is not { } options || CreateRequest(names, options) is not { } request)
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        using (request)
        using (var client = new HttpClient { BaseAddress = new(options.GetValueOrDefault("url", DefaultUrl).TrimEnd('/') + "/") })
        {
            if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
                request.Headers.Authorization = new("Bearer", key);

            return await SendAsync(client, request, output);
        }
    }

    private static HttpRequestMessage? CreateRequest(string[] names, Dictionary<string, string> options) => names switch
    {
        ["new"] when options.ContainsKey("owner") => new(HttpMethod.Post, "v1/keys") { Content = JsonContent.Create(Body(options)) },
        ["list"] => new(HttpMethod.Get, "v1/keys"),
        ["rotate", var id] => new(HttpMethod.Post, $"v1/keys/{Uri.EscapeDataString(id)}/rotate?overlap={Uri.EscapeDataString(options.GetValueOrDefault("overlap", "0s"))}"),
        ["revoke", var id] => new(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(id)}"),
        _ => null,
    };

    private static Dictionary<string, object?> Body(Dictionary<string, string> options) => new()
    {
        ["owner"] = options["owner"],
        ["scopes"] = options.GetValueOrDefault("scopes")?.Split(','),
        ["agents"] = options.GetValueOrDefault("agents")?.Split(','),
        ["requests_per_minute"] = options.TryGetValue("requests", out var text) ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1 : null,
        ["note"] = options.GetValueOrDefault("note"),
        ["expires_at"] = options.GetValueOrDefault("expires"),
    };

    /// <returns><see langword="null"/> when an option has no value, or does not exist.</returns>
    private static Dictionary<string, string>? ReadOptions(string[] args)
    {
        Dictionary<string, string> options = [];
        foreach (var pair in args.Chunk(2))
        {
            if (pair is not [['-', '-', .. var name], var value] || name is not ("owner" or "scopes" or "agents" or "requests" or "note" or "expires" or "overlap" or "url"))
                return null;

            options[name] = value;
        }

        return options;
    }

    private static async Task<int> SendAsync(HttpClient client, HttpRequestMessage request, TextWriter output)
    {
        try
        {
            using var answer = await client.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                await output.WriteLineAsync(JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("message").GetString());
                return 1;
            }

            await PrintAsync(await answer.Content.ReadAsStringAsync(), output);
            return 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            await output.WriteLineAsync($"{client.BaseAddress} did not answer as a StreamRelay server: {exception.Message}");
            return 1;
        }
    }

    private static async Task PrintAsync(string json, TextWriter output)
    {
        if (JsonElement.Parse(json).TryGetProperty("data", out _))
        {
            foreach (var key in JsonSerializer.Deserialize(json, KeyJson.Readable.KeyList)!.Data)
                await output.WriteLineAsync(Describe(key));

            return;
        }

        var changed = JsonSerializer.Deserialize(json, KeyJson.Readable.KeyView)!;
        if (changed.Key is not null)
            await output.WriteLineAsync($"Key (for the client; it is not stored, and not shown again): {changed.Key}");

        await output.WriteLineAsync(Describe(changed));
    }

    private static string Describe(KeyView key) =>
        $"{key.Id}  owner {key.Owner}  scopes {string.Join(',', key.Scopes)}  agents {(key.Agents.Count > 0 ? string.Join(',', key.Agents) : "all")}  "
        + $"created {key.CreatedAt:u}  expires {key.ExpiresAt?.ToString("u") ?? "never"}  last used {key.LastUsedAt?.ToString("u") ?? "never"}  {key.Note}".TrimEnd();
}
