using System.Diagnostics;
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
    public async Task Files_that_a_crash_left_incomplete_are_deleted()
    {
        await using (var store = EmbeddedStore.Open(_folder.Options()))
            await store.Files.SaveAsync(SampleEntries.NewTask(), "kept.txt", "text/plain", new MemoryStream([1]), None);

        var files = Directory.GetDirectories(_folder.Path, "files", SearchOption.AllDirectories).Single();
        var half = Path.Combine(_folder.Path, "tasks", SampleEntries.NewTask().ToString());
        Directory.CreateDirectory(half);
        File.WriteAllText(Path.Combine(half, "request"), "{");
        File.WriteAllText(Path.Combine(half, "record.tmp"), "{");
        File.WriteAllText(Path.Combine(files, ".7.tmp"), "half");

        await using var again = EmbeddedStore.Open(_folder.Options());

        Assert.False(Directory.Exists(half));
        Assert.Equal("kept.txt", Path.GetFileName(Directory.GetFiles(files).Single()));
    }

    [Fact]
    public async Task Ten_thousand_tasks_are_loaded_soon_after_a_start()
    {
        await using (var store = EmbeddedStore.Open(_folder.Options()))
        {
            for (var number = 0; number < 10_000; number++)
            {
                var request = new TaskRequest { Id = SampleEntries.NewTask(), Agent = "a", Owner = "o", CreatedAt = SampleEntries.Start };
                await store.Tasks.AddAsync(new() { Request = request }, new("\"x\""u8.ToArray()), None);
            }
        }

        var clock = Stopwatch.StartNew();
        await using var again = EmbeddedStore.Open(_folder.Options());

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(10_000, (await again.Tasks.ListAsync(new() { Limit = 20_000 }, None)).Count);
    }

    [Fact]
    public async Task Registration_opens_the_store_in_the_configured_folder()
    {
        await using var services = Configure(("StreamRelay:DataPath", _folder.Path)).AddEmbeddedStorage().BuildServiceProvider();

        Assert.IsType<JournalEventLog>(services.GetRequiredService<IEventLog>());
        Assert.NotNull(services.GetRequiredService<ITaskStore>());
        Assert.NotNull(services.GetRequiredService<IFileStore>());
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
