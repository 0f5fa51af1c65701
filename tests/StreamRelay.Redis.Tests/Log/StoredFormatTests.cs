using System.Text;
using StreamRelay.Events;
using StreamRelay.Logs;
using RedisElement = StackExchange.Redis.StreamEntry;

namespace StreamRelay.Redis.Log;

/// <summary>Tests that the stored format does not change, so that later versions can read existing logs.</summary>
public sealed class StoredFormatTests
{
    /// <summary>Two entries in format 1, which the first release writes.</summary>
    private const string Golden =
        "02000000" + "03" + "003C30B99D010000" + "0300" + "02000000" + "07000000" + "626F74" + "6869" + "7B2261223A317D"
        + "0E" + "013C30B99D010000" + "FFFF" + "00000000" + "02000000" + "7B7D";

    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeMilliseconds(0x019DB9303C00);

    private static readonly StreamEntry[] Entries =
    [
        new(7, Time, new(StreamEventKind.Output, "hi"u8.ToArray(), """{"a":1}"""u8.ToArray(), "bot")),
        new(8, Time.AddMilliseconds(1), new(StreamEventKind.End, default, "{}"u8.ToArray())),
    ];

    [Fact]
    public void Entries_are_written_with_the_bytes_of_format_1() => Assert.Equal(Golden, Convert.ToHexString(StoredBatch.Write(Entries)));

    [Fact]
    public void Bytes_of_format_1_are_read()
    {
        var batch = StoredBatch.Read(Element("2-7", StoredBatch.Format, Convert.FromHexString(Golden)))!.Value;
        var page = new LogPage(10);
        batch.ReadInto(page, 0);

        Assert.Equal((2L, 7L, 8L), (batch.Id.Epoch, batch.Id.Offset, batch.LastOffset));
        Assert.Equal(Entries.Select(entry => (entry.Offset, entry.Time, entry.Event.Kind, entry.Event.Agent)), page.ToMemory().ToArray().Select(entry => (entry.Offset, entry.Time, entry.Event.Kind, entry.Event.Agent)));
        Assert.Equal("hi", Encoding.UTF8.GetString(page.ToMemory().Span[0].Event.Content.Span));
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(page.ToMemory().Span[0].Event.Metadata.Span));
    }

    [Fact]
    public void A_later_format_is_refused_with_a_message_that_names_it()
    {
        var refusal = Assert.Throws<IOException>(() => StoredBatch.Read(Element("2-7", "2", [])));

        Assert.Contains("format '2'", refusal.Message);
        Assert.Contains("Update this node", refusal.Message);
    }

    private static RedisElement Element(string id, string field, byte[] bytes) => new(id, [new(field, bytes)]);
}
