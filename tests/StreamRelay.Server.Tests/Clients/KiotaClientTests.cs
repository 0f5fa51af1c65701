namespace StreamRelay.Server.Clients;

/// <summary>A C# client that Kiota makes from the API document: <c>tests/clients/kiota</c>.</summary>
public sealed class KiotaClientTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    [Fact]
    public async Task A_client_made_from_the_document_compiles_and_reads_what_the_server_writes()
    {
        using var app = new RelayApp(new() { ["StreamRelay:Agents:remote:Type"] = "push" });
        var folder = _folder.FullName;
        FolderCopy.Copy(Path.Combine(JavaScriptClients.Folder, "kiota"), folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "api.json"), await app.Client.GetStringAsync("/openapi/v1.json"));

        await Dotnet.RunAsync(folder, "tool", "restore");
        await Dotnet.RunAsync(folder, "kiota", "generate", "--language", "CSharp", "--openapi", "api.json", "--class-name", "RelayApi", "--namespace-name", "Relay.Api", "--output", "Api", "--exclude-backward-compatible");
        await Dotnet.RunAsync(folder, "build", "--nologo", "--verbosity", "quiet", "-warnaserror");
        await Dotnet.RunAsync(folder, "run", "--no-build", app.Address.ToString().TrimEnd('/'));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
