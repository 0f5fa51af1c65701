namespace StreamRelay.Server;

/// <summary>A tool call as a client saw it come.</summary>
internal sealed record HeardCall(string Id, string Name)
{
    /// <summary>The arguments, letter by letter as they were streamed.</summary>
    public string Arguments { get; set; } = "";

    /// <summary>Whether the client has to run it; else the agent did.</summary>
    public bool IsCallers { get; set; } = true;
}
