namespace StreamRelay.AspNetCore.Errors;

/// <summary>Leaves a response incomplete on purpose, so that no client takes a failure for the end. It is not a fault of the server:
/// keep it out of logs (<c>Filter.ByExcluding(e =&gt; e.Exception is IncompleteResponseException)</c> in Serilog).</summary>
public sealed class IncompleteResponseException() : IOException("The stream was cut on purpose: its task failed, or the server cannot go on with it.");
