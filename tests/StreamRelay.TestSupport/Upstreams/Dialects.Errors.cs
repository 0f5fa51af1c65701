using static StreamRelay.TestSupport.Upstreams.Chunks;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>Errors within an answer whose status was 200.</content>
public static partial class Dialects
{
    private const string Reason = "The model is out of memory.";

    private static IEnumerable<Dialect> OfErrors =>
    [
        Stream("an error object", Hello + Frame("""{"error":{"message":"The model is out of memory.","type":"server_error","code":"oom"}}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Stream("an error with a type", Hello + Frame("""{"error":{"message":"The model is out of memory.","type":"oom","code":null}}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Stream("an error with a number", Hello + Frame("""{"error":{"message":"The model is out of memory.","code":507}}""")) with { Text = "Hel", Error = ("507", Reason) },
        Stream("an error as text", Hello + Frame("""{"error":"The model is out of memory."}""")) with { Text = "Hel", Error = ("upstream_failed", Reason) },
        Stream("an object that is an error", Hello + Frame("""{"object":"error","message":"The model is out of memory.","type":"oom","code":null}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Stream("a type that is error", Hello + Frame("""{"type":"error","error":{"type":"oom","message":"The model is out of memory."}}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Stream("an error event", Hello + "event: error\n" + Frame("""{"message":"The model is out of memory.","code":"oom"}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Stream("an error event with text", Hello + "event: error\ndata: The model is out of memory.\n\n") with { Text = "Hel", Error = ("upstream_failed", Reason) },
        Stream("an error event without data", Hello + "event: error\ndata:\n\n") with { Text = "Hel", Error = ("upstream_failed", "no reason given") },
        Stream("an error in the choice", Hello + Chunk(""" "choices":[{"index":0,"delta":{"content":""},"finish_reason":"error","error":{"code":"oom","message":"The model is out of memory."}}] """))
            with { Text = "Hel", Error = ("oom", Reason) },
        Stream("a message alone", Hello + Frame("""{"message":"The model is out of memory.","code":"oom"}""")) with { Text = "Hel", Error = ("oom", Reason) },
        Json("an error document", """{"error":{"message":"The model is out of memory.","code":"oom"}}""") with { Error = ("oom", Reason) },
        Json("an error document in a list", """[{"error":{"message":"The model is out of memory.","status":"OOM"}}]""") with { Error = ("OOM", Reason) },
        Json("an error document with details", """{"detail":[{"loc":["body"],"msg":"The model is out of memory.","type":"oom"}]}""") with { Error = ("upstream_failed", Reason) },
        Json("an error with secrets", """{"error":{"message":"Key sk-live-123456789 of Bearer abcdefghij at https://u:pw123456@host is not the-configured-key.","code":"auth"}}""")
            with { Error = ("auth", "Key *** of Bearer *** at https://***@host is not ***.") },
    ];
}
