using StreamRelay.TestSupport.Streams;
using static StreamRelay.TestSupport.Upstreams.MessagesFrames;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>How servers answer in the API of Anthropic Messages.</content>
public static partial class Dialects
{
    private const string Signed = """[{"type":"reasoning.text","text":"hmm","signature":"c2ln"}]""";

    private static string MessagesEnd => MessagesFrames.Finish() + Stop;

    private static IEnumerable<Dialect> OfMessages =>
    [
        Messages("plain", Start + MessagesFrames.Text(0, "Hel", "lo") + MessagesEnd) with { Text = "Hello", Usage = (7, 3), UsageDetails = (5, null) },
        Messages("names in the data alone", (Start + MessagesFrames.Text(0, "Hel", "lo") + MessagesEnd).Replace("event: ", ": ")) with { Text = "Hello" },
        Messages("pings", Start + "event: ping\ndata: {\"type\":\"ping\"}\n\n" + MessagesFrames.Text(0, "Hello") + "event: ping\ndata: {\"type\":\"ping\"}\n\n" + MessagesEnd) with { Text = "Hello" },
        Messages("text in the beginning of a block", Start + Begin(0, """{"type":"text","text":"Hel"}""") + MessagesFrames.Delta(0, """{"type":"text_delta","text":"lo"}""") + End(0) + MessagesEnd)
            with { Text = "Hello" },
        Messages("no beginning of a block", Start + MessagesFrames.Delta(0, """{"type":"text_delta","text":"Hello"}""") + MessagesEnd) with { Text = "Hello" },
        Messages("no index", (Start + MessagesFrames.Thinking(0, "hmm", "c2ln") + MessagesFrames.Text(1, "Hel", "lo") + MessagesEnd).Replace("\"index\":0", "\"order\":null").Replace("\"index\":1", "\"order\":null"))
            with { Thoughts = "hmm", Text = "Hello", ReasoningDetails = Signed },
        Messages("no message_stop", Start + MessagesFrames.Text(0, "Hello") + MessagesFrames.Finish()) with { Text = "Hello" },
        Messages("one document", """{"id":"msg_x","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"hmm","signature":"c2ln"},{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":3}}""", isJson: true)
            with { Thoughts = "hmm", Text = "Hello", ReasoningDetails = Signed, Usage = (7, 3) },
        Messages("signed reasoning", Start + MessagesFrames.Thinking(0, "hmm", "c2ln") + MessagesFrames.Text(1, "Hello") + MessagesEnd)
            with { Thoughts = "hmm", Text = "Hello", ReasoningDetails = Signed },
        Messages("reasoning that is not shown", Start + Begin(0, """{"type":"redacted_thinking","data":"Z0FB"}""") + End(0) + MessagesFrames.Text(1, "Hello") + MessagesEnd)
            with { Text = "Hello", ReasoningDetails = Encrypted },
        Messages("a signature without reasoning", Start + Begin(0, """{"type":"thinking","thinking":"","signature":"c2ln"}""") + End(0) + MessagesFrames.Text(1, "Hello") + MessagesEnd)
            with { Text = "Hello", ReasoningDetails = """[{"type":"reasoning.text","text":"","signature":"c2ln"}]""" },
        Messages("a cited page", Start + Begin(0, """{"type":"text","text":"","citations":[]}""") + MessagesFrames.Delta(0, """{"type":"text_delta","text":"Hello"}""")
            + MessagesFrames.Delta(0, """{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"https://a.example/","title":"A"}}""") + End(0) + MessagesEnd)
            with { Text = "Hello", Citations = ["https://a.example/"] },
        Messages("a cited document", Start + MessagesFrames.Delta(0, """{"type":"text_delta","text":"Hello"}""")
            + MessagesFrames.Delta(0, """{"type":"citations_delta","citation":{"type":"page_location","document_index":0}}""") + MessagesEnd)
            with { Text = "Hello", Data = """{"citation":{"type":"page_location","document_index":0}}""" },
        Messages("a search of the server", Start + Begin(0, """{"type":"server_tool_use","id":"s","name":"web_search","input":{}}""") + End(0) + MessagesFrames.Text(1, "Hello") + MessagesEnd)
            with { Text = "Hello", Data = """{"type":"server_tool_use","id":"s","name":"web_search","input":{}}""" },
        Messages("counts at the end", Start.Replace("\"input_tokens\":2", "\"input_tokens\":0") + MessagesFrames.Text(0, "Hello")
            + MessagesFrames.Finish(usage: """{"input_tokens":2,"output_tokens":3}""") + Stop) with { Text = "Hello", Usage = (7, 3), UsageDetails = (5, null) },
        .. OfMessagesCalls,
        .. OfMessagesEndings,
    ];

    private static IEnumerable<Dialect> OfMessagesCalls =>
    [
        MessagesCalls("calls in pieces", MessagesFrames.Call(0, "call_a") + MessagesFrames.Arguments(0, "{\"city\":") + MessagesFrames.Arguments(0, "\"Rome\"}") + End(0)
            + MessagesFrames.Call(1, "call_b") + MessagesFrames.Arguments(1, Oslo.Arguments) + End(1), Rome, Oslo),
        MessagesCalls("calls without pieces", MessagesFrames.Call(0, "call_a", Rome.Arguments) + End(0) + MessagesFrames.Call(1, "call_b", Oslo.Arguments) + End(1), Rome, Oslo),
        MessagesCalls("arguments twice", MessagesFrames.Call(0, "call_a", Rome.Arguments) + MessagesFrames.Arguments(0, Rome.Arguments) + End(0), Rome),
        MessagesCalls("one index for all blocks", MessagesFrames.Call(0, "call_a") + MessagesFrames.Arguments(0, Rome.Arguments) + End(0)
            + MessagesFrames.Call(0, "call_b") + MessagesFrames.Arguments(0, Oslo.Arguments) + End(0), Rome, Oslo),
        MessagesCalls("no end of the blocks", MessagesFrames.Call(0, "call_a") + MessagesFrames.Arguments(0, Rome.Arguments) + MessagesFrames.Call(1, "call_b", Oslo.Arguments), Rome, Oslo),
        MessagesCalls("no arguments", MessagesFrames.Call(0, "call_a") + End(0), Rome with { Arguments = "{}" }),
        MessagesCalls("an id that is empty", MessagesFrames.Call(0, "", Rome.Arguments) + End(0), Rome with { Id = "" }),
        MessagesCalls("a call with a signature", MessagesFrames.Call(0, "call_a", Rome.Arguments, ""","extra_content":{"google":{"thought_signature":"c2ln"}}""") + End(0), Rome with { Signature = "c2ln" }),
        Messages("arguments that differ", Start + MessagesFrames.Call(0, "call_a", Rome.Arguments) + MessagesFrames.Arguments(0, Oslo.Arguments) + End(0) + MessagesEnd)
            with { Calls = [Oslo with { Id = "call_a" }], Error = ("upstream_malformed", "The upstream server sent a tool call whose input differs from its pieces.") },
    ];

    private static IEnumerable<Dialect> OfMessagesEndings =>
    [
        MessagesEnded("max_tokens", "length"),
        MessagesEnded("stop_sequence", "stop"),
        MessagesEnded("refusal", "content_filter"),
        MessagesEnded("model_context_window_exceeded", "length"),
        MessagesEnded("bored", "bored"),
        Messages("no stop reason", Start + MessagesFrames.Text(0, "Hello") + Stop) with { Text = "Hello", Error = BrokenOff },
        Messages("broken off", Start + MessagesFrames.Text(0, "Hello")) with { Text = "Hello", Error = BrokenOff },
        Messages("an error event", Start + MessagesFrames.Text(0, "Hel") + Event("error", """ "error":{"type":"overloaded_error","message":"The model is out of memory."} """))
            with { Text = "Hel", Error = ("overloaded_error", Reason) },
        Messages("an error document", """{"type":"error","error":{"type":"oom","message":"The model is out of memory."}}""", isJson: true) with { Error = ("oom", Reason) },
        Messages("a block that nobody knows", Start + MessagesFrames.Text(0, "Hel") + Begin(1, """{"type":"hologram","hologram":"x"}""") + MessagesEnd)
            with { Text = "Hel", Error = ("upstream_unsupported", "The upstream server's answer has a block of the type 'hologram', which cannot be relayed.") },
        Messages("a piece that nobody knows", Start + MessagesFrames.Text(0, "Hel") + MessagesFrames.Delta(1, """{"type":"hologram_delta","hologram":"x"}""") + MessagesEnd)
            with { Text = "Hel", Error = ("upstream_unsupported", "The upstream server's answer has a piece of the type 'hologram_delta', which cannot be relayed.") },
    ];

    private static Dialect Messages(string name, string body, bool isJson = false) =>
        new($"messages: {name}", isJson ? ScriptedAnswer.Json(body) : ScriptedAnswer.Stream(body)) { Wire = UpstreamWire.Messages };

    private static Dialect MessagesCalls(string name, string body, params ReceivedToolCall[] calls) =>
        Messages(name, Start + body + MessagesFrames.Finish("tool_use") + Stop) with { Calls = calls, FinishReason = "tool_calls" };

    private static Dialect MessagesEnded(string reason, string expected) =>
        Messages($"stop reason {reason}", Start + MessagesFrames.Text(0, "Hello") + MessagesFrames.Finish(reason) + Stop) with { Text = "Hello", FinishReason = expected };
}
