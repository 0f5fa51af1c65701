using System.Diagnostics;

namespace StreamRelay.Server;

/// <summary>The official JavaScript clients, as they are published: <c>tests/clients</c>.</summary>
public sealed class JavaScriptClientTests(AppFixture fixture) : IClassFixture<AppFixture>
{
    [Theory]
    [InlineData("chat.test.mjs")]
    [InlineData("native.test.mjs")]
    public async Task They_get_what_their_own_protocol_promises(string file)
    {
        var start = new ProcessStartInfo("node", ["--test", file]) { WorkingDirectory = Clients.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["BASE_URL"] = fixture.App.Address.ToString().TrimEnd('/');
        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(120));
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, output);
    }
}
