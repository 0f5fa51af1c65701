using System.Text;
using CsCheck;
using StreamRelay.TestSupport;

namespace StreamRelay.Protocols.Sse;

public sealed class SseWriterTests
{
    // Lengths around those at which the buffer grows, also while a number is inserted into an id.
    private static readonly Gen<int[]> Lengths = Gen.OneOf(Gen.Int[0, 20], Gen.Int[980, 1024], Gen.Int[2000, 5000]).Array[0, 25];

    private static readonly Gen<(long Offset, int[] Lengths)[]> Entries = Gen.Select(Gen.Long[1, long.MaxValue], Lengths).Array[1, 4];

    [Fact]
    public void The_last_frame_of_an_entry_has_its_offset_as_id_and_earlier_ones_a_number_too() => Entries.Sample(entries =>
    {
        var writer = new SseWriter();
        foreach (var (offset, lengths) in entries)
        {
            writer.Begin(offset);
            for (var frame = 0; frame < lengths.Length; frame++)
                Write(writer, frame, lengths[frame]);

            Assert.Equal(lengths.Length, writer.Count);
            Assert.Equal(string.Concat(lengths.Select((length, frame) => Expected(offset, frame, lengths))), Encoding.UTF8.GetString(writer.Written));
        }
    }, iter: Seeds.Count(500));

    private static void Write(SseWriter writer, int frame, int length)
    {
        var json = writer.BeginFrame(frame % 2 == 0 ? default : "named"u8);
        json.Raw(Encoding.UTF8.GetBytes(new string('x', length)));
        writer.EndFrame();
    }

    private static string Expected(long offset, int frame, int[] lengths) =>
        $"id: {offset}{(frame + 1 < lengths.Length ? $".{frame + 1}" : "")}\n{(frame % 2 == 0 ? "" : "event: named\n")}data: {new string('x', lengths[frame])}\n\n";
}
