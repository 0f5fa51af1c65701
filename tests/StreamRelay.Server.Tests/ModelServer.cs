using System.Diagnostics;

namespace StreamRelay.Server;

/// <summary>A model server that nobody here wrote, playing one fault.</summary>
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
            WorkingDirectory = Clients.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var address = await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return new(node, new(address ?? throw new InvalidOperationException("The model server did not start.")));
    }

    /// <summary>How many requests it was asked.</summary>
    public async Task<int> CountAsync(HttpClient client)
    {
        var journal = await client.GetStringAsync(new Uri(Address, "/__aimock/journal"));
        return journal.Split("\"/v1/chat/completions\"").Length - 1;
    }

    public async ValueTask DisposeAsync()
    {
        _node.Kill();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }
}
