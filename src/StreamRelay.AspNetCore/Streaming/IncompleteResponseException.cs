namespace StreamRelay.AspNetCore.Streaming;

/// <summary>Thrown on purpose to leave a response unfinished, so that a failure can never be taken for an end. It is no fault:
/// keep it out of logs (<c>Filter.ByExcluding(e =&gt; e.Exception is IncompleteResponseException)</c> in Serilog).</summary>
public sealed class IncompleteResponseException() : IOException("The stream was cut on purpose: its task failed, or the server cannot go on with it.");
