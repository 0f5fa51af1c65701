using StreamRelay.TestSupport;

namespace StreamRelay.Streams;

public sealed class TailTests
{
    [Fact]
    public void A_reader_at_the_head_skips_nothing_while_blocks_fill_up()
    {
        var output = Relay.Output("x");
        foreach (var _ in Seeds.Take(2000))
        {
            const int Last = 200;
            var tail = new Tail(1, new(new(long.MaxValue), tailBytes: int.MaxValue));
            var writer = new Thread(() =>
            {
                for (var offset = 1; offset <= Last; offset++)
                    tail.Append([new(offset, default, output)]);
            });
            writer.Start();
            for (long position = 0; position < Last;)
            {
                Assert.True(tail.TryRead(position, out var entries));
                if (entries.IsEmpty)
                    continue;

                Assert.Equal(position + 1, entries.Span[0].Offset);
                position = entries.Span[^1].Offset;
            }

            writer.Join();
        }
    }
}
