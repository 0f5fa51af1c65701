using System.Text;
using StreamRelay.Streams;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Agents.Process;

/// <summary>What a program writes, changed at random: it is text, an event, or the fault of the program, and never one of the server.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class OutputFuzzTests
{
    private static readonly StreamOptions Large = new() { MaxTaskBytes = 1L << 30 };

    [Fact]
    public Task Anything_on_standard_output_is_text_or_an_event_or_the_fault_of_the_program() => CheckAsync(20_000, async (context, output) =>
    {
        var reader = new OutputReader(context);
        await reader.ReadAsync(output, static () => { });
        Assert.True(reader.Fault is null or AgentException { Code: "invalid_event" }, $"{reader.Fault}");
    });

    [Fact]
    public Task Anything_on_standard_error_is_logged_in_bounds() => CheckAsync(20_000, async (context, output) =>
    {
        var reader = new ErrorReader(context);
        await reader.ReadAsync(output);
        Assert.True(reader.LastLines.Count() <= 20);
    });

    private static async Task CheckAsync(int usually, Func<AgentContext, ChildPipe, Task> read)
    {
        Exception? failure = null;
        await using var relay = await Relay.StartAsync((context, _) =>
        {
            try
            {
                Fuzz.Bytes(usually, Samples(), input => read(context, new(new MemoryStream(input), CancellationToken.None)).GetAwaiter().GetResult());
            }
            catch (FuzzException exception)
            {
                failure = exception;
            }

            return Task.CompletedTask;
        }, Large);

        Assert.Equal(TaskState.Completed, (await relay.EndAsync(await relay.RunAsync())).State);
        Assert.Null(failure);
    }

    private static byte[][] Samples() =>
    [
        .. SampleEvents.Json.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(string.Join('\n', SampleEvents.Json.SkipLast(2))),
        Encoding.UTF8.GetBytes("text\n  {\"event_type\":\"output\",\"content\":\"x\"}\r\n{ not json }\n{\"a\":1}\n💥 h\u00e9"),
    ];
}
