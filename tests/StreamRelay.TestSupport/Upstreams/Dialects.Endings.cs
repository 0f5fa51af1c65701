using static StreamRelay.TestSupport.Upstreams.Chunks;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>Finish reasons, and frames that are harmless.</content>
public static partial class Dialects
{
    private static (string Code, string Message) BrokenOff => ("upstream_interrupted", "The upstream server's answer broke off before its end.");

    private static IEnumerable<Dialect> OfEndings =>
    [
        Stream("an empty finish reason, then the end", Delta("""{"content":"Hello"}""", "\"\"") + Delta("{}", "\"\"")) with { Text = "Hello", Error = BrokenOff },
        Stream("an empty finish reason in every chunk but the last", Delta("""{"content":"Hello"}""", "\"\"") + Finish() + Done) with { Text = "Hello" },
        Stream("no finish reason", Hello + Lo + Done) with { Text = "Hello", Error = BrokenOff },
        Stream("a frame that is cut", Hello + "data: {\"choices\":[{\"index\":0,\"del") with { Text = "Hel", Error = BrokenOff },
        Ended("max_tokens", "length"),
        Ended("length", "length"),
        Ended("MAX_TOKENS", "length"),
        Ended("end_turn", "stop"),
        Ended("STOP", "stop"),
        Ended("content_filter", "content_filter"),
        Ended("SAFETY", "content_filter"),
        Ended("tool_use", "tool_calls"),
        Ended("bored", "bored"),
        Failed("abort"),
        Failed("error"),
        Stream("choices that are null with the usage", Hello + Lo + Finish() + Chunk(""" "choices":null,"usage":{"prompt_tokens":7,"completion_tokens":3} """) + Done) with { Text = "Hello", Usage = (7, 3) },
        Stream("counts that are fractions", Hello + Lo + Finish() + Usage("7.0", "2.6") + Done) with { Text = "Hello", Usage = (7, 3) },
        Stream("counts that are texts", Hello + Lo + Finish() + Usage("\"7\"", "\"3\"") + Done) with { Text = "Hello", Usage = (7, 3) },
        Stream("the usage in the choice", Hello + Lo + Chunk(""" "choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":7,"completion_tokens":3}}] """) + Done)
            with { Text = "Hello", Usage = (7, 3) },
        Stream("the usage in every chunk", Usage("7", "0") + Hello + Usage("7", "1") + Lo + Finish() + Usage() + Done) with { Text = "Hello", Usage = (7, 3) },
        Stream("a space after the end", Hello + Lo + Finish() + "data: [DONE] \n\n") with { Text = "Hello" },
        Stream("no empty line at the end", Hello + Lo + Finish().TrimEnd('\n')) with { Text = "Hello" },
        Stream("data that is empty", "data:\n\n" + Hello + "data: \n\n" + Lo + Finish() + Done) with { Text = "Hello" },
        Stream("pings", "event: ping\ndata: {\"type\":\"ping\"}\n\n" + Hello + "event: ping\ndata: 2026-01-01\n\nevent: ping\ndata:\n\n" + Lo + Finish() + Done) with { Text = "Hello" },
        Stream("named events", (Hello + Lo + Finish() + Done).Replace("data:", "event: message\ndata:")) with { Text = "Hello" },
        Stream("a byte order mark", "\uFEFF" + Hello + Lo + Finish() + Done) with { Text = "Hello" },
        Stream("two chunks in one frame", (Hello + Lo + Finish()).Replace("\n\n", "\n") + "\n" + Done) with { Text = "Hello" },
        Stream("choices that are empty", Chunk(""" "choices":[],"prompt_filter_results":[{"prompt_index":0}] """) + Hello + Lo + Finish() + Done)
            with { Text = "Hello", Data = """{"prompt_filter_results":[{"prompt_index":0}]}""" },
        Stream("errors that are null", Chunk(""" "choices":[{"index":0,"delta":{"content":"Hello"},"error":null}],"error":null """) + Finish() + Done) with { Text = "Hello" },
    ];

    private static Dialect Ended(string reason, string expected) =>
        new($"finish reason {reason}", ScriptedAnswer.Stream(Hello + Lo + Finish(reason) + Done)) { Text = "Hello", FinishReason = expected };

    private static Dialect Failed(string reason) => new($"finish reason {reason}", ScriptedAnswer.Stream(Hello + Finish(reason) + Done))
    {
        Text = "Hel",
        Error = ("upstream_failed", $"The upstream server ended its answer with the reason '{reason}'."),
    };
}
