using System.IO.Pipelines;

namespace StreamRelay.Protocols.Renderings;

/// <summary>The response that a reader writes.</summary>
/// <param name="Output">Takes the bytes.</param>
/// <param name="Abort">Cuts the connection.</param>
/// <param name="IsAllowed">Whether the caller may still be served.</param>
public sealed record ReaderConnection(PipeWriter Output, Action Abort, Func<bool> IsAllowed);
