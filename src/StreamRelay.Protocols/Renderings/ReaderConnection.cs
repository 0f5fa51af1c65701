using System.IO.Pipelines;

namespace StreamRelay.Protocols.Renderings;

/// <summary>The response that a reader writes.</summary>
/// <param name="Output">Takes the bytes.</param>
/// <param name="Abort">Cuts the connection.</param>
public sealed record ReaderConnection(PipeWriter Output, Action Abort);
