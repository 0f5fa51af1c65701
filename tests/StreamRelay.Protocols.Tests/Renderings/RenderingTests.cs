using System.Text;
using Microsoft.Extensions.Time.Testing;
using StreamRelay.Agents;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Sse;
using StreamRelay.TestSupport;

namespace StreamRelay.Protocols.Renderings;

public sealed class RenderingTests
{
    public static TheoryData<IStreamProtocol> Protocols => GoldenTests.Protocols;

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_run_that_is_disconnected_after_every_frame_and_resumed_has_the_frames_of_an_uninterrupted_run(IStreamProtocol protocol)
    {
        await using var relay = await Relay.StartAsync((context, token) => CountAsync(context, 1000, token));
        var cache = Cache(relay);
        var task = await relay.EndAsync(await relay.RunAsync());
        var whole = await new PipeClient(cache, task.Request, protocol).ReadAsync();
        Assert.InRange(Frames(whole).Count, 1002, 1020);
        foreach (var (seen, rest) in Cuts(whole))
            Assert.Equal(rest, await new PipeClient(cache, task.Request, protocol, seen).ReadAsync());
    }

    [Fact]
    public async Task A_resume_from_a_frame_id_continues_after_that_frame_inside_and_outside_the_window()
    {
        await using var relay = await Relay.StartAsync((context, token) => CountAsync(context, 300, token), new() { RenderingBytes = 4096 });
        var cache = Cache(relay);
        var task = await relay.EndAsync(await relay.RunAsync());
        var whole = await new PipeClient(cache, task.Request, ResponsesProtocol.Instance).ReadAsync();
        var frames = Frames(whole);
        for (var seen = 0; seen <= frames.Count + 1; seen++)
        {
            var rest = await new PipeClient(cache, task.Request, ResponsesProtocol.Instance, ResumePoint.AfterFrames(seen)).ReadAsync();
            Assert.Equal(string.Concat(frames.Skip(seen)), rest);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_run_that_is_disconnected_at_every_byte_neither_loses_nor_repeats_a_frame(IStreamProtocol protocol)
    {
        await using var relay = await Relay.StartAsync((context, token) => CountAsync(context, 56, token));
        var cache = Cache(relay);
        var task = await relay.EndAsync(await relay.RunAsync());
        var whole = Encoding.UTF8.GetBytes(await new PipeClient(cache, task.Request, protocol).ReadAsync());
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            // A client keeps the complete frames of a stream that was disconnected.
            var kept = Encoding.UTF8.GetString(whole, 0, cut);
            kept = kept[..(kept.LastIndexOf("\n\n", StringComparison.Ordinal) is var end && end < 0 ? 0 : end + 2)];
            var seen = kept.Length == 0 ? default : Id(Frames(kept)[^1]);
            var rest = await new PipeClient(cache, task.Request, protocol, seen).ReadAsync();
            Assert.Equal(Encoding.UTF8.GetString(whole), kept + rest);
        }
    }

    [Fact]
    public async Task A_run_resumed_while_active_has_the_frames_of_an_uninterrupted_run_also_after_a_restart()
    {
        var hold = new TaskCompletionSource();
        var before = await Relay.StartAsync(async (context, token) =>
        {
            await CountAsync(context, 100, token);
            await hold.Task;
            await CountAsync(context, 100, token);
        });
        var task = await before.RunAsync();
        var cache = Cache(before);
        var first = await new PipeClient(cache, task.Request, NativeProtocol.Unnamed).ReadAsync(text => text.Contains("\"t50 \""));
        var seen = Id(Frames(first)[^1]);
        hold.SetResult();
        var rest = await new PipeClient(cache, task.Request, NativeProtocol.Unnamed, seen).ReadAsync();

        await using var after = await Relay.StartAsync((_, _) => Task.CompletedTask, before: before);
        var whole = await new PipeClient(Cache(after), task.Request, NativeProtocol.Unnamed).ReadAsync();
        Assert.Equal(whole, string.Concat(Frames(first)) + rest);
    }

    [Fact]
    public async Task Nine_readers_fast_slow_and_late_get_the_same_bytes_whatever_the_window()
    {
        foreach (var window in (int[])[1024, 16 << 10, 4 << 20])
        {
            await using var relay = await Relay.StartAsync((context, token) => CountAsync(context, 5000, token), new() { RenderingBytes = window });
            var cache = Cache(relay);
            var task = await relay.RunAsync();
            var fast = Enumerable.Range(0, 4).Select(_ => new PipeClient(cache, task.Request, NativeProtocol.Unnamed).ReadAsync());
            var slow = Enumerable.Range(1, 4).Select(size => new PipeClient(cache, task.Request, NativeProtocol.Unnamed, buffer: size * 100).ReadAsync());
            var texts = await Task.WhenAll([.. fast, .. slow]);
            var late = await new PipeClient(cache, task.Request, NativeProtocol.Unnamed).ReadAsync();
            Assert.Equal(5004, Frames(late).Count);
            Assert.All(texts, text => Assert.Equal(late, text));
        }
    }

    [Fact]
    public async Task A_stalled_reader_delays_no_other_costs_a_bounded_window_and_is_disconnected()
    {
        var time = new FakeTimeProvider();
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await CountAsync(context, 20_000, token);
            await hold.Task;
        }, new() { RenderingBytes = 64 << 10 }, time: time);
        var cache = Cache(relay);
        var task = await relay.RunAsync();
        var stuck = new PipeClient(cache, task.Request, NativeProtocol.Unnamed, buffer: 1024);
        var fast = new PipeClient(cache, task.Request, NativeProtocol.Unnamed);
        await fast.ReadAsync(text => text.Contains("\"t20000 \""));
        Assert.InRange(cache.Bytes, 1, 1 << 20);
        Assert.False(stuck.Reader.Completion.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(120));
        await stuck.Aborted.Task.WaitAsync(Relay.Deadline);
        Assert.Equal(StreamOutcome.Stalled, await stuck.Reader.Completion.WaitAsync(Relay.Deadline));
        Assert.False(fast.Reader.Completion.IsCompleted);
        hold.SetResult();
        await fast.ReadAsync();
    }

    [Fact]
    public async Task A_quiet_stream_has_heartbeats_between_frames_that_are_not_counted()
    {
        var time = new FakeTimeProvider();
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await CountAsync(context, 2, token);
            await hold.Task;
            await CountAsync(context, 2, token);
        }, agentOptions: new() { MaxDuration = TimeSpan.FromDays(30) }, time: time);
        var cache = Cache(relay);
        var task = await relay.RunAsync();
        var client = new PipeClient(cache, task.Request, NativeProtocol.Unnamed);
        await client.ReadAsync(text => text.Contains("\"t2 \""));
        var reading = client.ReadAsync(text => text.Contains(": ping\n\n"));
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(7.5));
            await Task.Yield();
        }

        hold.SetResult();
        var whole = (await client.ReadAsync()).Replace(": ping\n\n", "");
        Assert.Equal(await new PipeClient(cache, task.Request, NativeProtocol.Unnamed).ReadAsync(), whole);
    }

    [Fact]
    public async Task A_released_reader_ends_between_two_frames()
    {
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await CountAsync(context, 3, token);
            await hold.Task;
        });
        var task = await relay.RunAsync();
        var client = new PipeClient(Cache(relay), task.Request, NativeProtocol.Unnamed);
        await client.ReadAsync(text => text.Contains("\"t3 \""));
        client.Reader.Release();
        Assert.Equal(StreamOutcome.Released, await client.Reader.Completion.WaitAsync(Relay.Deadline));
        Assert.EndsWith("\n\n", await client.ReadAsync());
        hold.SetResult();
    }

    [Fact]
    public async Task A_thousand_readers_that_disconnect_leave_no_resources_behind()
    {
        var time = new FakeTimeProvider();
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await CountAsync(context, 3, token);
            await hold.Task;
        }, time: time);
        var cache = Cache(relay);
        var task = await relay.RunAsync();
        var clients = Enumerable.Range(0, 1000).Select(_ => new PipeClient(cache, task.Request, NativeProtocol.Unnamed)).ToArray();
        await Task.WhenAll(clients.Select(client => client.ReadAsync(text => text.Contains("\"t3 \""))));
        Assert.Equal(1000, relay.Readers.Count(task.Id));
        foreach (var client in clients)
            client.Reader.Disconnect();

        await Task.WhenAll(clients.Select(client => client.Reader.Completion)).WaitAsync(Relay.Deadline);
        while (relay.Readers.Count(task.Id) > 0 || cache.Count > 0 || cache.Bytes > 0)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        hold.SetResult();
    }

    [Fact]
    public async Task Only_readers_that_may_come_back_leave_frames_behind()
    {
        var hold = new TaskCompletionSource();
        await using var relay = await Relay.StartAsync(async (context, token) =>
        {
            await CountAsync(context, 2, token);
            await hold.Task;
        }, time: new FakeTimeProvider());
        var cache = Cache(relay);
        var task = await relay.RunAsync();
        var left = new PipeClient(cache, task.Request, NativeProtocol.Named);
        await left.ReadAsync(text => text.Contains("t2"));
        left.Reader.Disconnect();
        var whole = new PipeClient(cache, task.Request, NativeProtocol.Unnamed);
        await whole.ReadAsync(text => text.Contains("t2"));
        hold.SetResult();
        await whole.ReadAsync();
        await Wait.UntilAsync(() => Task.FromResult(cache.Count == 1), Relay.Deadline, "the frames of the reader that left are kept");

        await relay.EndAsync(task);
        await new PipeClient(cache, task.Request, NativeProtocol.Unnamed).ReadAsync();
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public async Task When_memory_is_short_idle_renderings_go_first()
    {
        await using var relay = await Relay.StartAsync((context, token) => CountAsync(context, 500, token), new() { MemoryBytes = 200_000 });
        var cache = Cache(relay);
        for (var index = 0; index < 20; index++)
        {
            var task = await relay.EndAsync(await relay.RunAsync());
            await new PipeClient(cache, task.Request, NativeProtocol.Unnamed).ReadAsync();
        }

        Assert.InRange(cache.Bytes, 0, 400_000);
    }

    private static async Task CountAsync(AgentContext context, int count, CancellationToken cancellationToken)
    {
        for (var index = 1; index <= count; index++)
            await context.OutputAsync($"t{index} ", cancellationToken);
    }

    private static RenderingCache Cache(Relay relay) => new(relay.Streams, relay.Readers, relay.Options, relay.Time);

    private static List<string> Frames(string text) =>
        [.. text.Split("\n\n").SkipLast(1).Select(frame => frame + "\n\n")];

    private static FrameId Id(string frame) => FrameId.TryParse(frame.AsSpan(4, frame.IndexOf('\n') - 4), out var id) ? id : throw new FormatException(frame);

    private static IEnumerable<(FrameId Seen, string Left)> Cuts(string whole)
    {
        var position = 0;
        foreach (var frame in Frames(whole))
        {
            position += frame.Length;
            yield return (Id(frame), whole[position..]);
        }
    }
}
