namespace StreamRelay.Protocols.Requests;

/// <summary>What an assistant thinks, says and calls at once.</summary>
internal sealed record SampleStep(string? Reasoning, string? Text, SampleCall[] Calls);
