using System.IO.Pipelines;

namespace StreamRelay.Protocols.Sse;

/// <summary>Where a reader's bytes go.</summary>
/// <param name="Output">Takes them.</param>
/// <param name="Abort">Cuts the connection.</param>
/// <param name="IsAllowed">Whether its caller may still be served.</param>
internal sealed record ReaderConnection(PipeWriter Output, Action Abort, Func<bool> IsAllowed);
