using StreamRelay.TestSupport.Streams;
using static StreamRelay.TestSupport.Upstreams.ResponsesFrames;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>How servers answer in the API of OpenAI Responses.</content>
public static partial class Dialects
{
    private const string NewMessage = """{"id":"msg_0","type":"message","status":"in_progress","role":"assistant","content":[]}""";
    private const string NewReasoning = """{"id":"rs_0","type":"reasoning","summary":[]}""";
    private const string Encrypted = """[{"type":"reasoning.encrypted","data":"Z0FB"}]""";

    private static IEnumerable<Dialect> OfResponses =>
    [
        Responses("plain", Created + Added(0, NewMessage) + ResponsesFrames.Text("Hel") + ResponsesFrames.Text("lo")
            + Event("response.output_text.done", """ "item_id":"msg_0","output_index":0,"content_index":0,"text":"Hello" """)
            + Event("response.content_part.done", """ "item_id":"msg_0","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hello","annotations":[]} """)
            + Done(0, Message("Hello")) + Completed(Message("Hello"), members: ResponsesFrames.Usage)) with { Text = "Hello", Usage = (7, 3), UsageDetails = (5, 2) },
        Responses("names in the data alone", (Created + ResponsesFrames.Text("Hel") + ResponsesFrames.Text("lo") + Completed()).Replace("event: ", ": ")) with { Text = "Hello" },
        Responses("names in the events alone", "event: response.output_text.delta\ndata: {\"delta\":\"Hello\"}\n\nevent: response.completed\ndata: {\"response\":{\"status\":\"completed\"}}\n\n")
            with { Text = "Hello" },
        Responses("no pieces", Created + Done(0, Message("Hello")) + Completed(Message("Hello"))) with { Text = "Hello" },
        Responses("nothing but the end", Completed(Message("Hello"), members: ResponsesFrames.Usage)) with { Text = "Hello", Usage = (7, 3), UsageDetails = (5, 2) },
        Responses("pieces that stop early", Created + ResponsesFrames.Text("Hel") + Completed(Message("Hello"))) with { Text = "Hello" },
        Responses("another id in every event", Created + Added(0, NewMessage) + ResponsesFrames.Text("Hel").Replace("msg_0", "a") + ResponsesFrames.Text("lo").Replace("msg_0", "b")
            + Done(0, Message("Hello").Replace("msg_0", "c")) + Completed(Message("Hello").Replace("msg_0", "d"))) with { Text = "Hello" },
        Responses("one index for all items", Created + Added(0, NewReasoning) + Summary("hm") + Done(0, """{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]}""")
            + Added(0, NewMessage) + ResponsesFrames.Text("Hello") + Completed("""{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},""" + Message("Hello")))
            with { Thoughts = "hm", Text = "Hello" },
        Responses("one document", """{"id":"resp_x","object":"response","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}],"error":null,"usage":{"input_tokens":7,"output_tokens":3}}""", isJson: true)
            with { Text = "Hello", Usage = (7, 3) },
        Responses("a terminator after the end", Created + ResponsesFrames.Text("Hello") + Completed() + "data: [DONE]\n\n") with { Text = "Hello" },
        Responses("encrypted reasoning", Created + Added(0, NewReasoning) + Summary("hm") + Summary("m")
            + Done(0, """{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"hmm"}],"encrypted_content":"Z0FB"}""") + ResponsesFrames.Text("Hello", 1)
            + Completed("""{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"hmm"}],"encrypted_content":"Z0FB"},""" + Message("Hello")))
            with { Thoughts = "hmm", Text = "Hello", ReasoningDetails = Encrypted },
        Responses("raw reasoning", Created + Event("response.reasoning_text.delta", """ "item_id":"rs_0","output_index":0,"content_index":0,"delta":"hmm" """) + ResponsesFrames.Text("Hello", 1) + Completed())
            with { Thoughts = "hmm", Text = "Hello" },
        Responses("two summaries", Created + Summary("a") + Summary("b", 1) + ResponsesFrames.Text("Hello", 1) + Completed()) with { Thoughts = "a\n\nb", Text = "Hello" },
        Responses("a refusal", Created + Event("response.refusal.delta", """ "output_index":0,"content_index":0,"delta":"I " """) + Event("response.refusal.delta", """ "output_index":0,"content_index":0,"delta":"won't." """)
            + Completed("""{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I won't."}]}""")) with { Refusal = "I won't." },
        Responses("annotations", Created + ResponsesFrames.Text("Hello") + Event("response.output_text.annotation.added", """
             "output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://a.example/","title":"A","start_index":0,"end_index":5}
            """) + Completed("""
            {"type":"message","content":[{"type":"output_text","text":"Hello","annotations":[{"type":"url_citation","url":"https://a.example/","title":"A","start_index":0,"end_index":5}]}]}
            """)) with { Text = "Hello", Citations = ["https://a.example/"] },
        Responses("logprobs", Created + ResponsesFrames.Text("Hel", members: ""","logprobs":[{"token":"Hel","logprob":-0.1,"bytes":[72],"top_logprobs":[]}]""")
            + ResponsesFrames.Text("lo", members: ""","logprobs":[{"token":"lo","logprob":-0.2,"bytes":null,"top_logprobs":[]}]""") + Completed()) with { Text = "Hello", Tokens = "Hello" },
        .. OfResponsesParts,
        .. OfResponsesCalls,
        .. OfResponsesEndings,
    ];

    private static IEnumerable<Dialect> OfResponsesParts =>
    [
        Responses("a part that another one contains", Completed(Parts("Hello", "Hell", "o"))) with { Text = "HelloHello" },
        Responses("a part without pieces that another one contains", Created + PartPiece(0, "Hel") + PartPiece(0, "lo") + WholePart(0, "Hello") + WholePart(1, "Hell") + Completed(Parts("Hello", "Hell")))
            with { Text = "HelloHell" },
        Responses("a summary that another one contains", Done(0, """{"id":"rs_0","type":"reasoning","summary":[{"type":"summary_text","text":"hmm"},{"type":"summary_text","text":"m"}]}""")
            + ResponsesFrames.Text("Hello", 1) + Completed()) with { Thoughts = "hmm\n\nm", Text = "Hello" },
        Responses("parts that are counted from one in events", Created + PartPiece(1, "Hel") + WholePart(1, "Hel") + PartPiece(2, "lo") + WholePart(2, "lo") + Done(0, Parts("Hel", "lo"))
            + Completed(Parts("Hel", "lo"))) with { Text = "Hello" },
        Responses("one number for the pieces of all parts", Created + PartPiece(0, "Hel") + WholePart(0, "Hel") + PartPiece(0, "lo") + WholePart(1, "lo") + Completed(Parts("Hel", "lo"))) with { Text = "Hello" },
    ];

    private static IEnumerable<Dialect> OfResponsesCalls =>
    [
        ResponsesCalls("calls in pieces", Created + Added(0, ResponsesFrames.Call("call_a", "")) + Arguments(0, "{\"city\":") + Added(1, ResponsesFrames.Call("call_b", "")) + Arguments(1, Rome.Arguments.Replace("Rome", "Oslo"))
            + Arguments(0, "\"Rome\"}") + Done(0, ResponsesFrames.Call("call_a", Rome.Arguments)) + Done(1, ResponsesFrames.Call("call_b", Oslo.Arguments))
            + Completed(ResponsesFrames.Call("call_a", Rome.Arguments) + "," + ResponsesFrames.Call("call_b", Oslo.Arguments)), Rome, Oslo),
        ResponsesCalls("calls without pieces", Done(0, ResponsesFrames.Call("call_a", Rome.Arguments)) + Done(1, ResponsesFrames.Call("call_b", Oslo.Arguments)) + Completed(), Rome, Oslo),
        ResponsesCalls("calls at the end alone", Completed(ResponsesFrames.Call("call_a", Rome.Arguments) + "," + ResponsesFrames.Call("call_b", Oslo.Arguments)), Rome, Oslo),
        ResponsesCalls("arguments before the call", Arguments(0, Rome.Arguments) + Done(0, ResponsesFrames.Call("call_a", Rome.Arguments)) + Completed(), Rome),
        ResponsesCalls("a call with a signature", Done(0, ResponsesFrames.Call("call_a", Rome.Arguments, ""","extra_content":{"google":{"thought_signature":"c2ln"}}""")) + Completed(), Rome with { Signature = "c2ln" }),
        ResponsesCalls("a call of a custom tool", Added(0, """{"type":"custom_tool_call","call_id":"call_a","name":"draw","input":""}""")
            + Event("response.custom_tool_call_input.delta", """ "output_index":0,"delta":"a li" """) + Event("response.custom_tool_call_input.done", """ "output_index":0,"input":"a line" """)
            + Completed(), new ReceivedToolCall("call_a", "draw") { Arguments = "a line" }),
    ];

    private static IEnumerable<Dialect> OfResponsesEndings =>
    [
        Responses("too long", Created + ResponsesFrames.Text("Hel") + Completed("", "incomplete", ""","incomplete_details":{"reason":"max_output_tokens"}""")) with { Text = "Hel", FinishReason = "length" },
        Responses("filtered", Created + ResponsesFrames.Text("Hel") + Completed("", "incomplete", ""","incomplete_details":{"reason":"content_filter"}""")) with { Text = "Hel", FinishReason = "content_filter" },
        Responses("incomplete without a reason", Created + ResponsesFrames.Text("Hel") + Completed("", "incomplete"))
            with { Text = "Hel", Error = ("upstream_failed", "The upstream server ended its answer with the reason 'incomplete'.") },
        Responses("cancelled", Created + ResponsesFrames.Text("Hel") + Completed("", "incomplete").Replace("\"status\":\"incomplete\"", "\"status\":\"cancelled\""))
            with { Text = "Hel", Error = ("upstream_failed", "The upstream server ended its answer with the reason 'cancelled'.") },
        Responses("a status that nobody knows", """{"object":"response","status":"dreaming","output":[]}""", isJson: true)
            with { Error = ("upstream_failed", "The upstream server ended its answer with the reason 'dreaming'.") },
        Responses("failed", Created + ResponsesFrames.Text("Hel") + Completed("", "failed", ""","error":{"code":"oom","message":"The model is out of memory."}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Responses("an error event", Created + ResponsesFrames.Text("Hel") + Event("error", """ "code":"oom","message":"The model is out of memory.","param":null """)) with { Text = "Hel", Error = ("oom", Reason) },
        Responses("an error document", """{"error":{"message":"The model is out of memory.","code":"oom"}}""", isJson: true) with { Error = ("oom", Reason) },
        Responses("broken off", Created + ResponsesFrames.Text("Hel") + Done(0, Message("Hel"))) with { Text = "Hel", Error = BrokenOff },
        Responses("a text that differs", Created + ResponsesFrames.Text("Hel") + Completed(Message("Bye")))
            with { Text = "Hel", Error = ("upstream_malformed", "The upstream server sent a text that differs from its pieces.") },
        Responses("a part that nobody knows", Created + ResponsesFrames.Text("Hel") + Completed("""{"type":"message","content":[{"type":"hologram","text":"x"}]}"""))
            with { Text = "Hel", Error = ("upstream_unsupported", "The upstream server's answer has a part of the type 'hologram', which cannot be relayed.") },
        Responses("a search of the server", Created + Done(0, """{"type":"web_search_call","status":"completed"}""") + ResponsesFrames.Text("Hello", 1) + Completed())
            with { Text = "Hello", Data = """{"type":"web_search_call","status":"completed"}""" },
    ];

    private static string Summary(string text, int part = 0) =>
        Event("response.reasoning_summary_text.delta", $$""" "item_id":"rs_0","output_index":0,"summary_index":{{part}},"delta":"{{text}}" """);

    private static Dialect Responses(string name, string body, bool isJson = false) =>
        new($"responses: {name}", isJson ? ScriptedAnswer.Json(body) : ScriptedAnswer.Stream(body)) { Wire = UpstreamWire.Responses };

    private static Dialect ResponsesCalls(string name, string body, params ReceivedToolCall[] calls) => Responses(name, body) with { Calls = calls, FinishReason = "tool_calls" };
}
