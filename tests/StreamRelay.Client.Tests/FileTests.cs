using StreamRelay.Client.Errors;
using StreamRelay.TestSupport;

namespace StreamRelay.Client;

/// <summary>The files that tasks make.</summary>
public sealed class FileTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Fact]
    public async Task A_file_is_listed_opened_and_saved()
    {
        var id = await WriteAsync();
        var file = Assert.Single(await fixture.Client.ListFilesAsync(id));
        var path = Path.GetTempFileName();

        await using var content = await fixture.Client.OpenFileAsync(id, file.Name);
        var text = await new StreamReader(content).ReadToEndAsync();
        await fixture.Client.SaveFileAsync(id, file.Name, path);

        Assert.StartsWith("# Knots", text);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
        Assert.Equal(file.Size, new FileInfo(path).Length);
        Assert.Equal("text/markdown", file.MediaType.Split(';')[0]);
        File.Delete(path);
        await Assert.ThrowsAsync<RelayNotFoundException>(() => fixture.Client.OpenFileAsync(id, "other.md"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_that_is_cut_leaves_the_old_file_as_it_was(bool resets)
    {
        var id = await WriteAsync();
        await using var proxy = new CuttingProxy(fixture.App.Address, bytes: 1000, resets);
        using var client = new StreamRelayClient(proxy.Address, options: FastTime.Impatient);
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var path = Path.Combine(folder.FullName, "knots.md");
        await File.WriteAllTextAsync(path, "old");

        await Assert.ThrowsAsync<RelayConnectionException>(async () => await client.SaveFileAsync(id, (await fixture.Client.ListFilesAsync(id))[0].Name, path));

        Assert.True(proxy.Connections > 1);
        Assert.Equal("old", await File.ReadAllTextAsync(path));
        Assert.Single(folder.GetFiles());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_no_reason_to_download_again()
    {
        var id = await WriteAsync();

        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => fixture.Client.SaveFileAsync(id, "x", "/nowhere/x"));
    }

    private async Task<string> WriteAsync()
    {
        var task = await fixture.Client.StartAsync("write_tutorial", "Knots");
        await fixture.Client.WaitAsync(task.Id);
        return task.Id;
    }
}
