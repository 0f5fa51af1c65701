namespace StreamRelay.Protocols.Sse;

/// <summary>Thrown on purpose to leave a response unfinished, so that a failure can never be taken for an end. It is no fault:
/// keep it out of logs (<c>Filter.ByExcluding(e =&gt; e.Exception is StreamCutException)</c> in Serilog).</summary>
public sealed class StreamCutException() : IOException("The stream was cut on purpose: its task failed, or the server cannot go on with it.");
