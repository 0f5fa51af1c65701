using static StreamRelay.TestSupport.Upstreams.Chunks;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>Content in other places and forms than a text in the delta.</content>
public static partial class Dialects
{
    private static IEnumerable<Dialect> OfContent =>
    [
        Stream("content as a list of parts", Delta("""{"content":[{"type":"text","text":"Hel"}]}""") + Delta("""{"content":[{"type":"text","text":"l"},{"type":"output_text","text":"o"}]}""") + Finish() + Done)
            with { Text = "Hello" },
        Stream("content as one part", Delta("""{"content":{"type":"text","text":"Hello"}}""") + Finish() + Done) with { Text = "Hello" },
        Stream("thinking parts", Delta("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}""") + Delta("""{"content":[{"type":"reasoning","text":"m"},{"type":"text","text":"Hello"}]}""") + Finish() + Done)
            with { Thoughts = "hmm", Text = "Hello" },
        Stream("message instead of delta", Chunk(""" "choices":[{"index":0,"message":{"role":"assistant","content":"Hel"}}] """) + Chunk(""" "choices":[{"index":0,"message":{"content":"lo"},"finish_reason":"stop"}] """) + Done)
            with { Text = "Hello" },
        Stream("the whole message beside each delta", Chunk(""" "choices":[{"index":0,"delta":{"content":"Hel"},"message":{"content":"Hel"}}] """)
            + Chunk(""" "choices":[{"index":0,"delta":{"content":"lo"},"message":{"content":"Hello"},"finish_reason":"stop"}] """) + Done) with { Text = "Hello" },
        Stream("text of the old completions", Chunk(""" "choices":[{"index":0,"text":"Hel"}] """) + Chunk(""" "choices":[{"index":0,"text":"lo","finish_reason":"stop"}] """) + Done)
            with { Text = "Hello" },
        Json("one document", """{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"hmm","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""")
            with { Thoughts = "hmm", Text = "Hello", Usage = (7, 3) },
        Json("one document on many lines", "\n{\n  \"choices\": [\n    {\n      \"message\": { \"content\": \"Hello\" },\n      \"finish_reason\": \"stop\"\n    }\n  ]\n}\n") with { Text = "Hello" },
        new("one document that calls itself a stream", ScriptedAnswer.Stream("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}""")) { Text = "Hello" },
        new("a stream that calls itself a document", ScriptedAnswer.Json(Hello + Lo + Finish() + Done)) { Text = "Hello" },
        Stream("an image", Hello + Delta("""{"images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,UE5H"}}]}""") + Finish() + Done) with { Text = "Hel" },
        Stream("an image in the content", Delta("""{"content":[{"type":"text","text":"Hello"},{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,SlBH"}}]}""") + Finish() + Done)
            with { Text = "Hello" },
        Stream("the transcript of audio", Delta("""{"audio":{"id":"a","transcript":"Hel"}}""") + Delta("""{"audio":{"transcript":"lo","data":"UklGRg=="}}""") + Finish() + Done) with { Text = "Hello" },
        Stream("a part that nobody knows", Hello + Delta("""{"content":[{"type":"hologram","hologram":"x"}]}""") + Finish() + Done)
            with { Text = "Hel", Error = ("upstream_unsupported", "The upstream server's answer has a part of the type 'hologram' in 'content', which cannot be relayed.") },
        Stream("a second choice", Hello + Chunk(""" "choices":[{"index":1,"delta":{"content":"Bye"}}] """) + Finish() + Done)
            with { Text = "Hel", Error = ("upstream_unsupported", "The upstream server's answer has a second choice, which cannot be relayed.") },
        Stream("content as a number", Hello + Delta("""{"content":7}""") + Finish() + Done)
            with { Text = "Hel", Error = ("upstream_malformed", "The upstream server sent a field 'content' that is a number.") },
    ];
}
