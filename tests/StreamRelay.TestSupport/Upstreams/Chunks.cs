namespace StreamRelay.TestSupport.Upstreams;

/// <summary>Writes frames of a Chat Completions stream.</summary>
public static class Chunks
{
    public const string Done = "data: [DONE]\n\n";

    /// <summary>A frame with this data.</summary>
    public static string Frame(string data) => $"data: {data}\n\n";

    /// <summary>A chunk with these members.</summary>
    public static string Chunk(string members) => Frame($$"""{"id":"x1","object":"chat.completion.chunk","created":1700000000,"model":"m",{{members}}}""");

    /// <summary>A chunk with one choice.</summary>
    /// <param name="delta">The delta, as JSON.</param>
    /// <param name="finish">The finish reason, as JSON.</param>
    public static string Delta(string delta, string finish = "null") => Chunk($$"""
        "choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]
        """);

    /// <summary>A piece of text.</summary>
    public static string Text(string text) => Delta($$"""{"content":"{{text}}"}""");

    /// <summary>A piece of a tool call.</summary>
    public static string Call(string call) => Delta($$"""{"tool_calls":[{{call}}]}""");

    /// <summary>The end of an answer.</summary>
    public static string Finish(string reason = "stop") => Delta("{}", $"\"{reason}\"");

    /// <summary>A chunk with the usage.</summary>
    public static string Usage(string prompt = "7", string completion = "3") => Chunk($$"""
        "choices":[],"usage":{"prompt_tokens":{{prompt}},"completion_tokens":{{completion}}}
        """);
}
