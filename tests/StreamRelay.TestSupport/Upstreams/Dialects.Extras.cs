using static StreamRelay.TestSupport.Upstreams.Chunks;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>What answers have beside text and calls.</content>
public static partial class Dialects
{
    private const string Details = """[{"type":"reasoning.text","text":"hm","signature":"c2ln"}]""";

    private static IEnumerable<Dialect> OfExtras =>
    [
        Stream("details of the usage", Hello + Lo + Finish() + Chunk("""
            "choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":5,"audio_tokens":null},"completion_tokens_details":{"reasoning_tokens":2}}
            """) + Done) with { Text = "Hello", Usage = (7, 3), UsageDetails = (5, 2) },
        Stream("details that are 0", Hello + Lo + Finish() + Chunk("""
            "choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}
            """) + Done) with { Text = "Hello", Usage = (7, 3), UsageDetails = (0, null) },
        Stream("cached tokens under another name", Hello + Lo + Finish() + Chunk("""
            "choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":3}
            """) + Done) with { Text = "Hello", Usage = (7, 3), UsageDetails = (4, null) },
        Stream("a refusal", Delta("""{"role":"assistant","content":null,"refusal":"I "}""") + Delta("""{"refusal":"won't."}""") + Finish() + Done) with { Refusal = "I won't." },
        Json("a refusal in a document", """{"choices":[{"message":{"content":null,"refusal":"I won't."},"finish_reason":"stop"}]}""") with { Refusal = "I won't." },
        Stream("annotations", Hello + Delta("""
            {"content":"lo","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/","title":"A","start_index":0,"end_index":5}}]}
            """) + Delta("""{"annotations":[{"type":"url_citation","url_citation":{"url":"https://b.example/","title":"B"}}]}""") + Finish() + Done)
            with { Text = "Hello", Citations = ["https://a.example/", "https://b.example/"] },
        Stream("logprobs", Chunk(""" "choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":{"content":[{"token":"Hel","logprob":-0.1,"bytes":[72,101,108],"top_logprobs":[]}],"refusal":null}}] """)
            + Chunk(""" "choices":[{"index":0,"delta":{"content":"lo"},"logprobs":{"content":[{"token":"lo","logprob":-0.2,"bytes":null,"top_logprobs":[]}]}}] """) + Finish() + Done)
            with { Text = "Hello", Tokens = "Hello" },
        Stream("logprobs without text", Chunk(""" "choices":[{"index":0,"delta":{},"logprobs":{"content":[{"token":"x","logprob":-0.1,"top_logprobs":[]}]}}] """) + Hello + Lo + Finish() + Done)
            with { Text = "Hello", Tokens = "x" },
        Json("logprobs that are large", $$$"""
            {"choices":[{"message":{"content":"Hello"},"logprobs":{"content":[{{{string.Join(',', Enumerable.Repeat("""{"token":"t","logprob":-0.5,"bytes":[116],"top_logprobs":[]}""", 2000))}}}]},"finish_reason":"stop"}]}
            """) with { Text = "Hello", Tokens = new('t', 2000) },
        Stream("details of the reasoning", Delta($$"""{"reasoning":"hm","reasoning_details":{{Details}}}""") + Hello + Lo + Finish() + Done)
            with { Thoughts = "hm", Text = "Hello", ReasoningDetails = Details },
        Stream("details after the reasoning", Delta("""{"reasoning":"hm"}""") + Delta($$"""{"reasoning_details":{{Details}}}""") + Hello + Lo + Finish() + Done)
            with { Thoughts = "hm", Text = "Hello", ReasoningDetails = Details },
        Stream("sources in every chunk", Chunk(""" "citations":["https://a.example/"],"choices":[{"index":0,"delta":{"content":"Hel"}}] """)
            + Chunk(""" "citations":["https://a.example/"],"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}] """) + Done)
            with { Text = "Hello", Data = """{"citations":["https://a.example/"]}""" },
        Stream("a frame of its own", Frame("""{"sources":[{"name":"a"}]}""") + Hello + Lo + Finish() + Done) with { Text = "Hello", Data = """{"sources":[{"name":"a"}]}""" },
        Calls("a call with a signature", Call("""{"index":0,"id":"call_a","function":{"name":"look","arguments":"{\"city\":\"Rome\"}"},"extra_content":{"google":{"thought_signature":"c2ln"}}}"""),
            Rome with { Signature = "c2ln" }),
    ];
}
