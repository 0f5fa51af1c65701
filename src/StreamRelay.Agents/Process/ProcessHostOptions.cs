namespace StreamRelay.Agents.Process;

/// <summary>The options that all process agents share.</summary>
public sealed class ProcessHostOptions
{
    /// <summary>The folder that holds a working folder for each running task. Only one server may use it: at its start a server kills the processes, and removes the folders, that a crash left there.</summary>
    public string WorkPath { get; set; } = Path.Combine(Path.GetTempPath(), $"streamrelay-work-{System.Environment.ProcessId}");

    /// <summary>A folder that only the server may read, apart from <see cref="WorkPath"/> in it. It is closed to others when a program runs as another user. Default none.</summary>
    public string? PrivatePath { get; set; }
}
