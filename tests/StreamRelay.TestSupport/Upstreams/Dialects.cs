using static StreamRelay.TestSupport.Upstreams.Chunks;

namespace StreamRelay.TestSupport.Upstreams;

/// <summary>The library: how servers answer that call themselves compatible.</summary>
public static partial class Dialects
{
    private const string Hello = """data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}""" + "\n\n";

    private static string Lo => Text("lo");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [.. Plain, .. OfContent, .. OfCalls, .. OfEndings, .. OfErrors, .. OfExtras, .. OfResponses, .. OfMessages];

    /// <summary>The one of this name.</summary>
    public static Dialect Find(string name) => All.Single(dialect => dialect.Name == name);

    private static IEnumerable<Dialect> Plain =>
    [
        Stream("plain", Hello + Lo + Finish() + Usage() + Done) with { Text = "Hello", Usage = (7, 3) },
        Stream("no usage", Hello + Lo + Finish() + Done) with { Text = "Hello" },
        Stream("carriage returns", (Hello + Lo + Finish() + Done).ReplaceLineEndings("\r\n")) with { Text = "Hello" },
        Stream("no space after the colon", (Hello + Lo + Finish() + Done).Replace("data: ", "data:")) with { Text = "Hello" },
        Stream("comments and ids", ": ok\n\n: ping\n\nid: 1\nretry: 5\n" + Hello + ": ping\n\n" + Lo + Finish() + Done) with { Text = "Hello" },
        Stream("reasoning_content", Delta("""{"reasoning_content":"hm","content":null}""") + Delta("""{"reasoning_content":"m","content":""}""") + Hello + Lo + Finish() + Done)
            with { Thoughts = "hmm", Text = "Hello" },
        Stream("reasoning", Delta("""{"reasoning":"hmm","content":""}""") + Hello + Lo + Finish() + Done) with { Thoughts = "hmm", Text = "Hello" },
        Stream("reasoning under two names", Delta("""{"reasoning":"hmm","reasoning_content":"hmm"}""") + Hello + Lo + Finish() + Done) with { Thoughts = "hmm", Text = "Hello" },
    ];

    private static Dialect Stream(string name, string body) => new(name, ScriptedAnswer.Stream(body));

    private static Dialect Json(string name, string body) => new(name, ScriptedAnswer.Json(body));
}
