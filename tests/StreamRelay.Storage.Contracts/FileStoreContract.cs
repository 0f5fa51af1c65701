using System.Security.Cryptography;
using System.Text;
using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Contracts;

public abstract class FileStoreContract(IStoreFixture store) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TaskId _task = SampleEntries.NewTask();

    private IFileStore Files => store.Files;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task A_file_comes_back_with_its_hash_also_after_a_restart()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        var stored = await Files.SaveAsync(_task, "über uns.md", "text/markdown", new MemoryStream(bytes), None);
        await store.ReopenAsync();

        Assert.Equal(("über uns.md", "text/markdown", 200_000L), (stored.Name, stored.MediaType, stored.Size));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Hash);
        Assert.Equal(bytes, await ReadAsync("über uns.md"));
    }

    [Fact]
    public async Task A_file_can_be_read_from_the_middle()
    {
        await Files.SaveAsync(_task, "a.txt", "text/plain", Text("0123456789"), None);

        await using var stream = await Files.OpenAsync(_task, "a.txt", None);
        stream!.Seek(-3, SeekOrigin.End);
        using var reader = new StreamReader(stream);

        Assert.Equal("789", await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_second_file_of_the_same_name_replaces_the_first()
    {
        await Files.SaveAsync(_task, "a.txt", "text/plain", Text("a longer text"), None);
        await Files.SaveAsync(_task, "a.txt", "text/plain", Text("short"), None);

        Assert.Equal("short"u8.ToArray(), await ReadAsync("a.txt"));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(".tmp")]
    [InlineData("")]
    [InlineData("nul")]
    [InlineData("/etc/passwd")]
    public async Task A_name_that_is_not_safe_is_refused_and_never_found(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Files.SaveAsync(_task, name, "text/plain", Text("x"), None).AsTask());
        Assert.Null(await Files.OpenAsync(_task, name, None));
    }

    [Fact]
    public async Task A_file_whose_source_fails_is_not_stored()
    {
        await Files.SaveAsync(_task, "a.txt", "text/plain", Text("old"), None);

        await Assert.ThrowsAsync<IOException>(() => Files.SaveAsync(_task, "a.txt", "text/plain", new FailingStream(), None).AsTask());

        Assert.Equal("old"u8.ToArray(), await ReadAsync("a.txt"));
    }

    [Fact]
    public async Task Deleted_files_are_gone_also_after_a_restart()
    {
        await Files.SaveAsync(_task, "a.txt", "text/plain", Text("x"), None);
        await Files.DeleteAsync(_task, None);
        await Files.DeleteAsync(_task, None);
        await store.ReopenAsync();

        Assert.Null(await Files.OpenAsync(_task, "a.txt", None));
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<byte[]> ReadAsync(string name)
    {
        await using var stream = await Files.OpenAsync(_task, name, None);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return copy.ToArray();
    }

    private sealed class FailingStream : MemoryStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
                throw new IOException("The source failed.");
            _begun = true;
            return new(10);
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            throw new IOException("The source failed.");
    }
}
