using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Keys;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>The whole API with one key for each kind of caller.</summary>
public sealed class MatrixApp : IAsyncLifetime
{
    private static readonly string[] Callers = ["ada", "expired", "revoked", "bob", "limited", .. AccessScopes.All];

    private readonly Dictionary<string, (string Key, string Hash)> _keys = Callers.ToDictionary(name => name, _ => ApiKey.Create());
    private readonly Dictionary<string, string> _chats = [];
    private readonly Dictionary<string, (string Id, string Item)> _conversations = [];
    private WebApplication _app = null!;
    private HostApp _host = null!;

    public string Key(string caller) => _keys[caller].Key;

    public async Task InitializeAsync()
    {
        List<(string, string)> settings = [("StreamRelay:Agents:remote:Type", "push")];
        foreach (var (name, index) in Callers.Select((name, index) => (name, index)))
            settings.AddRange(Settings(name).Select(setting => ($"StreamRelay:Auth:Keys:{index}:{setting.Name}", setting.Value)));

        _host = await HostApp.StartAsync(new HostAppParts
        {
            Services = services => services.AddSingleton(FileWriter.Agent),
            Relay = app => (_app = app).MapStreamRelay(),
        }, [.. settings]);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <summary>A task of ada in a conversation of its own; one with a file has ended.</summary>
    public async Task<string> StartAsync(string agent)
    {
        var chat = Guid.NewGuid().ToString();
        using var started = await _host.SendAsync(HttpMethod.Post, "/v1/tasks", Key("ada"), JsonContent.Create(new { agent, input = "hello", session_id = chat }));
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        _chats[id] = chat;
        if (agent == "writer")
            (await _host.GetAsync($"/v1/tasks/{id}?wait=60", Key("ada"))).Dispose();

        return id;
    }

    /// <summary>Gives a task a conversation of ada's, in which the agent <c>writer</c> has answered.</summary>
    public async Task AddConversationAsync(string task)
    {
        using var created = await _host.SendAsync(HttpMethod.Post, "/v1/conversations", Key("ada"), JsonContent.Create(new { }));
        var conversation = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var answered = await _host.SendAsync(HttpMethod.Post, "/v1/responses", Key("ada"), JsonContent.Create(new { model = "writer", input = "hello", conversation }));
        var response = (await answered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        _conversations[task] = (conversation, $"msg_{response["resp_".Length..]}_in0");
    }

    /// <summary>A text without the ids of a task and its conversation.</summary>
    internal string WithoutIds(string text, string task)
    {
        var (conversation, item) = Conversation(task);
        return text.Replace(task, "", StringComparison.Ordinal).Replace(item, "", StringComparison.Ordinal).Replace(conversation, "", StringComparison.Ordinal);
    }

    /// <summary>Requests a route for a task.</summary>
    internal async Task<HttpResponseMessage> SendAsync(RouteRow row, string task, string? key, string? query = null, string? cookie = null, string? agent = null)
    {
        var (conversation, item) = Conversation(task);
        var path = row.Path(task, agent ?? row.Agent, _chats.GetValueOrDefault(task, "missing"))
            .Replace("{conversationId}", conversation, StringComparison.Ordinal).Replace("{itemId}", item, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new(row.Method), query is null ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}");
        if (row.Content(task, agent ?? row.Agent) is { } body)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);

        return await _host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A ticket of ada's for a task.</summary>
    internal string Ticket(string task, TimeSpan age)
    {
        Assert.True(TaskId.TryParse(task, out var id));
        var ticket = new Ticket("ada", StoredKey.IdOf(_keys["ada"].Hash), [id], TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(60) - age, Access.Ticket.Endless);
        return "ticket=" + _app.Services.GetRequiredService<TicketSigner>().Sign(ticket, TicketHandler.Purpose);
    }

    /// <summary>Takes the key <c>revoked</c> out of the configuration.</summary>
    public void Revoke()
    {
        _host.Configuration[$"StreamRelay:Auth:Keys:{Array.IndexOf(Callers, "revoked")}:Hash"] = ApiKey.Create().Hash;
        _host.Configuration.Reload();
    }

    private (string Id, string Item) Conversation(string task) => _conversations.GetValueOrDefault(task, ("conv_missing", "msg_missing"));

    private IEnumerable<(string Name, string Value)> Settings(string caller)
    {
        yield return ("Owner", caller == "bob" ? "bob" : "ada");
        yield return ("Hash", _keys[caller].Hash);
        if (caller == "expired")
            yield return ("ExpiresAt", "2020-01-01T00:00:00Z");
        if (caller == "limited")
            yield return ("Agents:0", "probe");

        // A key that is named after a scope has the others.
        foreach (var (scope, index) in AccessScopes.All.Where(scope => scope != caller).Select((scope, index) => (scope, index)))
            yield return ($"Scopes:{index}", scope);
    }
}
