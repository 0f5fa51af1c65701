using System.Text;
using StreamRelay.Logs;
using StreamRelay.TestSupport.Fuzzing;
using RedisElement = StackExchange.Redis.StreamEntry;

namespace StreamRelay.Redis.Log;

/// <summary>What Redis holds and publishes, changed at random: it is read whole, or not at all.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class StoredFormatFuzzTests
{
    private static readonly byte[] Batch = StoredBatch.Write([.. SampleEntries.Entries(7, 2), SampleEntries.Entry(9, "text", """{"a":1}""", "helper")]);

    [Fact]
    public void A_batch_is_read_whole_or_not_at_all() => Fuzz.Bytes(100_000, [Batch, StoredBatch.Write(SampleEntries.Entries(7, 1)), []], static input =>
    {
        if (StoredBatch.Read(new RedisElement("2-7", [new(StoredBatch.Format, input)])) is { } batch)
            CheckWhole(batch);
    });

    [Fact]
    public void A_message_is_a_hint_whatever_it_holds() => Fuzz.Bytes(100_000, [[.. "2-7 1 "u8, .. Batch], [.. "2-7"u8], [.. "9223372036854775807-9223372036854775807 1 "u8, .. Batch]], static input =>
    {
        if (PublishedElement.Read(input).Batch is { } batch)
            CheckWhole(batch);
    });

    [Fact]
    public void An_id_is_refused_or_means_what_it_says() => Fuzz.Text(100_000, ["0-0", "12-7", "9223372036854775807-9223372036854775807", "18446744073709551615-1", "+1-1", "1--1"], static text =>
    {
        if (EntryId.TryParse(Encoding.UTF8.GetBytes(text), out var id))
            Assert.Equal(id.ToString(), string.Join('-', text.Split('-').Select(part => part.TrimStart('0') is { Length: > 0 } digits ? digits : "0")));
    });

    private static void CheckWhole(StoredBatch batch)
    {
        var page = new LogPage(int.MaxValue);
        batch.ReadInto(page, batch.Id.Offset - 1);
        Assert.Equal(batch.Count, page.ToMemory().Length);
        _ = batch.EndsLog();
    }
}
