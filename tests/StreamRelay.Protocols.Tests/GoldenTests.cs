using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiChat;

namespace StreamRelay.Protocols;

public sealed class GoldenTests
{
    [Theory]
    [InlineData("native")]
    [InlineData("native-named")]
    [InlineData("openai-chat")]
    public void Each_protocol_says_what_its_transcript_says_and_the_same_again(string name)
    {
        IStreamProtocol protocol = name switch { "native" => NativeProtocol.Unnamed, "native-named" => NativeProtocol.Named, _ => ChatProtocol.Instance };
        foreach (var (ending, terminal) in ((string, StreamEvent)[])[("completed", Transcript.Completed), ("stopped", Transcript.Stopped), ("failed", Transcript.Failed)])
        {
            var text = Transcript.Encode(protocol, terminal);
            Transcript.AssertGolden($"{name}.{ending}", text);
            Assert.Equal(text, Transcript.Encode(protocol, terminal));
        }
    }
}
