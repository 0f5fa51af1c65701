using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Storage.Journal;
using StreamRelay.Tasks;

namespace StreamRelay.Storage;

public sealed class EmbeddedStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_store_on_the_folder_refuses_and_names_it()
    {
        await using var store = EmbeddedStore.Open(_folder.Options());

        var refusal = Assert.Throws<IOException>(() => EmbeddedStore.Open(_folder.Options()));

        Assert.Contains(_folder.Path, refusal.Message);
        Assert.Contains("StreamRelay:DataPath", refusal.Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_created_is_named_with_a_way_to_fix_it()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var refusal = Assert.Throws<IOException>(() => EmbeddedStore.Open(new() { DataPath = Path.Combine(file, "data") }));

        Assert.Contains(file, refusal.Message);
        Assert.Contains("StreamRelay:DataPath", refusal.Message);
    }

    [Fact]
    public void A_folder_of_format_1_is_refused_with_the_way_out()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tasks", SampleEntries.NewTask().ToString()));

        var refusal = Assert.Throws<IOException>(() => EmbeddedStore.Open(_folder.Options()));

        Assert.Contains("has format 1", refusal.Message);
        Assert.Contains("StreamRelay:DataPath", refusal.Message);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.db"));
    }

    [Fact]
    public async Task A_folder_whose_database_is_missing_is_refused_with_the_way_out()
    {
        await using (var store = EmbeddedStore.Open(_folder.Options()))
            await store.Log.AppendAsync(SampleEntries.NewTask(), SampleEntries.Entries(1, 1));
        File.Delete(Path.Combine(_folder.Path, "streamrelay.db"));

        var refusal = Assert.Throws<IOException>(() => EmbeddedStore.Open(_folder.Options()));

        Assert.Contains("streamrelay.db' is missing", refusal.Message);
        Assert.Contains("StreamRelay:DataPath", refusal.Message);
    }

    [Fact]
    public async Task Files_that_a_crash_left_incomplete_are_deleted()
    {
        await using (var store = EmbeddedStore.Open(_folder.Options()))
            await store.Files.SaveAsync(SampleEntries.NewTask(), "kept.txt", "text/plain", new MemoryStream([1]), None);
        File.WriteAllText(Path.Combine(_folder.Path, "files", "incomplete", "7"), "half");

        await using var again = EmbeddedStore.Open(_folder.Options());

        Assert.Equal("kept.txt", Path.GetFileName(Directory.GetFiles(Path.Combine(_folder.Path, "files"), "*", SearchOption.AllDirectories).Single()));
    }

    [Fact]
    public async Task Registration_opens_the_store_in_the_configured_folder()
    {
        await using var services = Configure(("StreamRelay:DataPath", _folder.Path)).AddEmbeddedStorage().BuildServiceProvider();

        Assert.IsType<JournalEventLog>(services.GetRequiredService<IEventLog>());
        Assert.NotNull(services.GetRequiredService<ITaskStore>());
        Assert.NotNull(services.GetRequiredService<IFileStore>());
        Assert.Null(services.GetRequiredService<IStoreStatus>().Fault);
        Assert.Equal(_folder.Path, services.GetRequiredService<EmbeddedStore>().DataPath);
    }

    [Theory]
    [InlineData("StreamRelay:Storage:SegmentBytes", "1")]
    [InlineData("StreamRelay:Storage:RetentionAge", "00:00:00")]
    [InlineData("StreamRelay:Storage:RetentionBytes", "-1")]
    [InlineData("StreamRelay:Storage:Durability", "7")]
    public void A_setting_out_of_range_is_refused(string key, string value)
    {
        using var services = Configure((key, value)).AddMemoryStorage().BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<StorageOptions>>().Value);
    }

    private static ServiceCollection Configure(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        var values = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        return services;
    }
}
