using StreamRelay.TestSupport.Fuzzing;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Bodies of answers, changed byte by byte.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class AnswerBodyFuzzTests
{
    [Fact]
    public void A_body_is_split_into_frames_or_is_malformed() => Fuzz.Bytes(30_000, [.. Dialects.All.Select(static dialect => dialect.Answer.Body)], static body =>
    {
        using var stream = new MemoryStream(body);
        try
        {
            foreach (var frame in AnswerBody.ReadAsync(stream, CancellationToken.None).ToBlockingEnumerable())
                Assert.Equal(frame.Data.Trim(), frame.Data);
        }
        catch (AgentException malformed) when (malformed.Code == "upstream_malformed")
        {
            // The task fails with this reason.
        }
    });
}
