namespace StreamRelay.Runs;

/// <summary>The kinds of writes that a task needs.</summary>
public enum StoreWrite
{
    AddRecord,
    UpdateRunning,
    UpdateEnded,
    DeleteRecord,
    AppendStart,
    AppendOutput,
    AppendTerminal,
    SaveFile,
}
