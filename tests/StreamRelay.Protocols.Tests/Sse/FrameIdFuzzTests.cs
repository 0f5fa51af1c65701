using StreamRelay.Protocols.Native;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Protocols.Sse;

/// <summary>Ids of frames, as clients send them in <c>Last-Event-ID</c> and <c>after</c>.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class FrameIdFuzzTests
{
    private const int MostTasks = 3;

    [Fact]
    public void An_id_is_refused_or_means_what_it_says() => Fuzz.Text(150_000, ["0", "17", "17.1", "9223372036854775807.2147483647", "00", "1.0", "-1", "+1", " 1", "1\u0661"], text =>
    {
        if (!FrameId.TryParse(text, out var id))
            return;

        Assert.True(id is { Offset: >= 0, Frame: >= 0 });
        Assert.Equal(id.ToString(), string.Join('.', text.Split('.').Select(part => part.TrimStart('0') is { Length: > 0 } digits ? digits : "0")));
    });

    [Fact]
    public void An_id_of_several_tasks_is_refused_or_means_what_it_says() => Fuzz.Text(100_000, ["0.0.0", "12.7-1.0", "1-2.3-4.9223372036854775807-1", "1..", "12.7"], text =>
    {
        for (var tasks = 1; tasks <= MostTasks; tasks++)
        {
            if (MultiplexEventId.Parse(text, tasks) is not { } frames)
                continue;

            Assert.Equal(tasks, frames.Length);
            Assert.Equal(frames, MultiplexEventId.Parse(MultiplexEventId.Format(frames), tasks));
        }
    });
}
