namespace StreamRelay.TestSupport.Streams;

/// <summary>A tool call that a client received.</summary>
public sealed record ReceivedToolCall(string Id, string Name)
{
    /// <summary>The arguments: the streamed pieces joined.</summary>
    public string Arguments { get; set; } = "";

    /// <summary>The signature that some models give a call, and require with its result; empty when there is none.</summary>
    public string Signature { get; set; } = "";

    /// <summary>Whether the client has to run the call; otherwise the agent ran it.</summary>
    public bool IsForCaller { get; set; } = true;
}
