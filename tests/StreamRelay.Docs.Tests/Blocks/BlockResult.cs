namespace StreamRelay.Docs.Blocks;

/// <summary>How a block ended.</summary>
/// <param name="ExitCode">0 when nothing is wrong.</param>
/// <param name="Output">What it printed, errors included.</param>
internal sealed record BlockResult(int ExitCode, string Output);
