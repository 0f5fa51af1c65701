using StreamRelay.TestSupport.Streams;
using static StreamRelay.TestSupport.Upstreams.Chunks;

namespace StreamRelay.TestSupport.Upstreams;

/// <content>Two parallel calls, told apart in every way that was seen.</content>
public static partial class Dialects
{
    private static string CallsEnd => Finish("tool_calls") + Done;

    private static ReceivedToolCall Rome => new("call_a", "look") { Arguments = """{"city":"Rome"}""" };

    private static ReceivedToolCall Oslo => new("call_b", "look") { Arguments = """{"city":"Oslo"}""" };

    private static IEnumerable<Dialect> OfCalls =>
    [
        Calls("calls in pieces",
            Call("""{"index":0,"id":"call_a","type":"function","function":{"name":"look","arguments":""}}""") + Call("""{"index":0,"function":{"arguments":"{\"city\":"}}""")
            + Call("""{"index":0,"function":{"arguments":"\"Rome\"}"}}""") + Call("""{"index":1,"id":"call_b","function":{"name":"look","arguments":"{\"city\":\"Oslo\"}"}}"""), Rome, Oslo),
        Calls("calls in pieces, mixed",
            Call(Piece("0", "call_a", "")) + Call(Piece("1", "call_b", "")) + Call("""{"index":0,"function":{"arguments":"{\"city\":"}}""")
            + Call("""{"index":1,"function":{"arguments":"{\"city\":\"Oslo\"}"}}""") + Call("""{"index":0,"function":{"arguments":"\"Rome\"}"}}"""), Rome, Oslo),
        Calls("all calls have the index 0", Call(Piece("0", "call_a", "Rome")) + Call(Piece("0", "call_b", "Oslo")), Rome, Oslo),
        Calls("all calls have the index 0, in pieces",
            Call(Piece("0", "call_a", "")) + Call("""{"index":0,"function":{"arguments":"{\"city\":\"Rome\"}"}}""")
            + Call(Piece("0", "call_b", "")) + Call("""{"index":0,"function":{"arguments":"{\"city\":\"Oslo\"}"}}"""), Rome, Oslo),
        Calls("no index", Call("""{"id":"call_a","function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}}""") + Call("""{"id":"call_b","function":{"name":"look","arguments":"{\"city\":"}}""")
            + Call("""{"function":{"arguments":"\"Oslo\"}"}}"""), Rome, Oslo),
        Calls("an index that is null", Call(Piece("null", "call_a", "Rome")) + Call(Piece("null", "call_b", "Oslo")), Rome, Oslo),
        Calls("an index that is a text", Call(Piece("\"0\"", "call_a", "Rome")) + Call(Piece("\"1\"", "call_b", "Oslo")), Rome, Oslo),
        Calls("the id in every piece", Call(Piece("0", "call_a", "")) + Call("""{"index":0,"id":"call_a","function":{"arguments":"{\"city\":\"Rome\"}"}}""") + Call(Piece("1", "call_b", "Oslo")), Rome, Oslo),
        Calls("another id in every piece", Call(Piece("0", "call_a", "")) + Call("""{"index":0,"id":"call_x","function":{"arguments":"{\"city\":\"Rome\"}"}}""") + Call(Piece("1", "call_b", "Oslo")), Rome, Oslo),
        Calls("two indexes with one id", Call(Piece("0", "call_a", "Rome")) + Call(Piece("1", "call_a", "Oslo")), Rome, Oslo with { Id = "" }),
        Calls("an id that is empty", Call(Piece("0", "", "Rome")) + Call(Piece("1", "", "Oslo")), Rome with { Id = "" }, Oslo with { Id = "" }),
        Calls("an id that is a number", Call("""{"index":0,"id":7,"function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}}"""), Rome with { Id = "7" }),
        Calls("an id that comes late", Call("""{"index":0,"function":{"name":"look","arguments":""}}""") + Call("""{"index":0,"id":"call_a","function":{"arguments":"{\"city\":\"Rome\"}"}}"""), Rome),
        Calls("neither id nor index", Call("""{"function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}}""") + Call("""{"function":{"name":"look","arguments":"{\"city\":\"Oslo\"}"}}"""),
            Rome with { Id = "" }, Oslo with { Id = "" }),
        Calls("neither id nor index, in one list",
            Call("""{"function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}},{"function":{"name":"look","arguments":"{\"city\":\"Oslo\"}"}}"""), Rome with { Id = "" }, Oslo with { Id = "" }),
        Calls("arguments as an object", Call("""{"index":0,"id":"call_a","function":{"name":"look","arguments":{"city":"Rome"}}}"""), Rome),
        Calls("a call without function", Call("""{"index":0,"id":"call_a","name":"look","arguments":"{\"city\":\"Rome\"}"}"""), Rome),
        Calls("no arguments", Call("""{"index":0,"id":"call_a","function":{"name":"look"}}"""), Rome with { Arguments = "{}" }),
        Calls("the old function_call", Delta("""{"function_call":{"name":"look","arguments":"{\"city\":"}}""") + Delta("""{"function_call":{"arguments":"\"Rome\"}"}}"""), Rome with { Id = "" }),
        Calls("a call of a custom tool", Call("""{"index":0,"id":"call_a","type":"custom","custom":{"name":"draw","input":""}}""") + Call("""{"index":0,"custom":{"input":"a li"}}""")
            + Call("""{"index":0,"custom":{"input":"ne"}}"""), new ReceivedToolCall("call_a", "draw") { Arguments = "a line" }),
        Json("calls in one document", """{"choices":[{"message":{"content":null,"tool_calls":[{"id":"call_a","type":"function","function":{"name":"look","arguments":"{\"city\":\"Rome\"}"}},{"id":"call_b","type":"function","function":{"name":"look","arguments":{"city":"Oslo"}}}]},"finish_reason":"tool_calls"}]}""")
            with { Calls = [Rome, Oslo], FinishReason = "tool_calls" },
        Stream("a call without a name", Hello + Call("""{"index":0,"id":"call_a","function":{"arguments":"{}"}}""") + CallsEnd)
            with { Text = "Hel", Error = ("upstream_malformed", "The upstream server sent a tool call without a name.") },
    ];

    private static Dialect Calls(string name, string body, params ReceivedToolCall[] calls) => Stream(name, body + CallsEnd) with { Calls = calls, FinishReason = "tool_calls" };

    private static string Piece(string index, string id, string city) =>
        $$$"""{"index":{{{index}}},"id":"{{{id}}}","type":"function","function":{"name":"look","arguments":"{{{(city.Length > 0 ? $$"""{\"city\":\"{{city}}\"}""" : "")}}}"}}""";
}
