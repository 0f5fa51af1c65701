namespace StreamRelay.Protocols.Requests;

/// <summary>A tool call with its result.</summary>
internal sealed record SampleCall(string Name, string Arguments, string Result);
