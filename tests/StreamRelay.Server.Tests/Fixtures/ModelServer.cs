using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.Server.Fixtures;

/// <summary>An independent model server that simulates one fault.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private readonly Process _node;

    private ModelServer(Process node, Uri address)
    {
        _node = node;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<ModelServer> StartAsync(string fault)
    {
        var node = Process.Start(new ProcessStartInfo("node", ["aimock.mjs", fault])
        {
            WorkingDirectory = JavaScriptClients.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new(node, new(address ?? throw new InvalidOperationException("The model server did not start.")));
    }

    /// <summary>The number of requests it has received.</summary>
    public async Task<int> CountAsync(HttpClient client)
    {
        var journal = await client.GetStringAsync(new Uri(Address, "/__aimock/journal"));
        return journal.Split("\"/v1/chat/completions\"").Length - 1;
    }

    /// <summary>The last message of each request, in order.</summary>
    public async Task<IReadOnlyList<string>> AskedAsync(HttpClient client)
    {
        var journal = await client.GetFromJsonAsync<JsonElement>(new Uri(Address, "/__aimock/journal"));
        var entries = journal.ValueKind == JsonValueKind.Array ? journal : journal.GetProperty("entries");
        return [.. entries.EnumerateArray().Select(entry => entry.GetProperty("body").GetProperty("messages")).Select(messages => messages[messages.GetArrayLength() - 1].GetProperty("content").ToString())];
    }

    public async ValueTask DisposeAsync()
    {
        _node.Kill();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }
}
