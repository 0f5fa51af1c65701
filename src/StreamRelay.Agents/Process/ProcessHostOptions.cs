namespace StreamRelay.Agents.Process;

/// <summary>Where programs run.</summary>
public sealed class ProcessHostOptions
{
    /// <summary>The folder that holds a working folder for each running task. It belongs to one server alone: what a crash left in it is killed and removed at the next start.</summary>
    public string WorkPath { get; set; } = Path.Combine(Path.GetTempPath(), $"streamrelay-work-{System.Environment.ProcessId}");
}
