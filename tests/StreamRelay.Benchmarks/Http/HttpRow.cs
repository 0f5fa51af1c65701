namespace StreamRelay.Benchmarks.Http;

/// <summary>Work for one server, in a group of work that is the same for all.</summary>
internal sealed record HttpRow(string Group, MeasuredServer Server, Work Work);
