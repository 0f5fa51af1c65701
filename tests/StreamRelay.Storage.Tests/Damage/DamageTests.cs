using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Logs;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;

namespace StreamRelay.Storage.Damage;

public sealed class DamageTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();
    private readonly TaskId _task = SampleEntries.NewTask();
    private readonly TaskId _other = SampleEntries.NewTask();

    private string JournalFolder => Path.Combine(_folder.Path, "journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_running_server_reads_up_to_the_damage_and_never_over_it()
    {
        await using var store = EmbeddedStore.Open(_folder.Options());
        for (var offset = 1; offset <= 9; offset += 3)
            await store.Log.AppendAsync(_task, SampleEntries.Entries(offset, 3, "text "));
        Damage(Segment(), "text 5");

        Assert.Equal(3, (await store.Log.ReadAsync(_task, 0, 100, None)).Length);
        var damage = await Assert.ThrowsAsync<LogDamagedException>(() => store.Log.ReadAsync(_task, 3, 100, None).AsTask());
        Assert.Equal((_task, 3), (damage.Task, damage.After));
    }

    [Fact]
    public async Task A_damaged_log_takes_no_entries_after_a_restart_and_others_do()
    {
        await AppendAsync();
        Damage(Segment(), "text 2");

        await using var store = EmbeddedStore.Open(_folder.Options());
        var damage = await Assert.ThrowsAsync<LogDamagedException>(() => store.Log.OpenAsync(_task, 2, None).AsTask());
        Assert.Equal(0, damage.After);
        await Assert.ThrowsAsync<LogDamagedException>(() => store.Log.TryAppendAsync(_task, SampleEntries.Entries(3, 1), None).AsTask());
        await store.Log.AppendAsync(_other, SampleEntries.Entries(3, 1));
        Assert.Equal(3, (await store.Log.ReadAllAsync(_other)).Count);
    }

    [Fact]
    public async Task A_segment_with_damage_is_sealed_as_far_as_it_is_whole_and_kept()
    {
        await AppendAsync();
        Damage(Segment(), "text 2");
        await using (var store = EmbeddedStore.Open(_folder.Options()))
            await store.Journal.MaintainAsync();

        Assert.Single(Directory.GetFiles(JournalFolder, "*.damaged"));
        await using var again = EmbeddedStore.Open(_folder.Options());
        Assert.Equal(2, (await again.Log.ReadAllAsync(_other)).Count);
        await Assert.ThrowsAsync<LogDamagedException>(() => again.Log.ReadAllAsync(_task));
    }

    [Fact]
    public async Task A_segment_whose_header_is_damaged_is_read()
    {
        await AppendAsync();
        DamagedFolder.FlipBit(Segment(), position: 9, bit: 3);

        await using var store = EmbeddedStore.Open(_folder.Options());
        Assert.Equal(2, (await store.Log.ReadAllAsync(_task)).Count);
        Assert.Equal(2, (await store.Log.ReadAllAsync(_other)).Count);
    }

    [Fact]
    public async Task A_sealed_segment_that_is_missing_costs_the_tasks_in_it()
    {
        await AppendAsync();
        await using (var store = EmbeddedStore.Open(_folder.Options()))
        {
            await store.Journal.MaintainAsync();
            await store.Log.AppendAsync(_other, SampleEntries.Entries(3, 1));
        }

        File.Delete(Directory.GetFiles(JournalFolder, "*.sealed").Single());
        await using var again = EmbeddedStore.Open(_folder.Options());
        await Assert.ThrowsAsync<LogDamagedException>(() => again.Log.ReadAllAsync(_task));
        Assert.Equal(3, (await again.Log.ReadAsync(_other, 2, 10, None)).Span[0].Offset);
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_noticed_within_a_second_and_acknowledges_nothing()
    {
        var time = new FakeTimeProvider();
        await using var store = EmbeddedStore.Open(_folder.Options(), time);
        await store.Log.AppendAsync(_task, SampleEntries.Entries(1, 1));
        var moved = _folder.Path + "-moved";
        Directory.Move(_folder.Path, moved);
        Directory.CreateDirectory(_folder.Path);
        try
        {
            await using var second = EmbeddedStore.Open(_folder.Options(), time);
            await Wait.UntilAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(store.Status.Fault is not null);
            }, TimeSpan.FromSeconds(10), "the fault is noticed");

            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Log.AppendAsync(_other, SampleEntries.Entries(1, 1)));
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Tasks.AddNewAsync());
            Assert.Null(second.Status.Fault);
        }
        finally
        {
            Directory.Delete(moved, recursive: true);
        }
    }

    private async Task AppendAsync()
    {
        await using var store = EmbeddedStore.Open(_folder.Options());
        await store.Log.AppendAsync(_task, SampleEntries.Entries(1, 2, "text "));
        await store.Log.AppendAsync(_other, SampleEntries.Entries(1, 2));
    }

    private string Segment() => Directory.GetFiles(JournalFolder, "*.log").Single(path => new FileInfo(path).Length > 100);

    private static void Damage(string path, string text)
    {
        var position = File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        Assert.True(position > 0, $"'{text}' is not in {path}.");
        DamagedFolder.FlipBit(path, position, bit: 0);
    }
}
