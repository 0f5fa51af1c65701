namespace StreamRelay.Client.Http;

/// <summary>How long and how often a request is repeated.</summary>
/// <param name="ProgressTimeout">The longest time without progress.</param>
/// <param name="SilenceTimeout">The longest time in which an open stream brings no byte.</param>
/// <param name="MaxDelay">The longest wait that the client chooses by itself.</param>
/// <param name="Time">Measures them.</param>
internal sealed record RetryPolicy(TimeSpan ProgressTimeout, TimeSpan SilenceTimeout, TimeSpan MaxDelay, TimeProvider Time);
