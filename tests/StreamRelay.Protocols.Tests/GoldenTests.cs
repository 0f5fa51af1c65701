using StreamRelay.Events;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;

namespace StreamRelay.Protocols;

public sealed class GoldenTests
{
    public static TheoryData<IStreamProtocol> Protocols =>
    [
        NativeProtocol.Unnamed, NativeProtocol.Named, OpenAiChatProtocol.Instance, ResponsesProtocol.Instance, AnthropicProtocol.Instance, AiSdkProtocol.Instance, AgUiProtocol.Instance,
    ];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Each_protocol_writes_its_golden_transcript_and_the_same_bytes_again(IStreamProtocol protocol)
    {
        foreach (var (ending, terminal) in ((string, StreamEvent)[])[("completed", Transcript.Completed), ("stopped", Transcript.Stopped), ("failed", Transcript.Failed)])
        {
            var text = Transcript.Encode(protocol, Transcript.Entries(terminal));
            Transcript.AssertGolden($"{protocol.Name}.{ending}", text);
            Assert.Equal(text, Transcript.Encode(protocol, Transcript.Entries(terminal)));
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void A_delta_after_the_complete_tool_call_appears_in_the_native_protocol_only(IStreamProtocol protocol)
    {
        var entries = Transcript.Entries(Transcript.Completed);
        var late = new StreamEntry(entries.Count, entries[^1].Time, AgentEvents.ActionDelta("call_1", "get_weather", "caller", "late"));
        var text = Transcript.Encode(protocol, [.. entries.SkipLast(1), late, entries[^1] with { Offset = entries.Count + 1 }]);
        Assert.Equal(protocol is NativeProtocol, text.Contains("late\"", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_log_that_is_read_back_from_disk_gives_the_same_bytes(IStreamProtocol protocol)
    {
        var entries = Transcript.Entries(Transcript.Completed);
        var stored = await StoredLog.WriteAndReadAsync(Transcript.Request.Id, entries);
        Assert.Equal(Transcript.Encode(protocol, entries), Transcript.Encode(protocol, stored));
    }
}
