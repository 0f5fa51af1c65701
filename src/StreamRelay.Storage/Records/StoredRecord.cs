using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>The column <c>record</c>: the progress of a task. It is replaced with every change.</summary>
internal sealed record StoredRecord
{
    public required TaskState State { get; init; }
    public long Epoch { get; init; }
    public long Version { get; init; }
    public bool StopRequested { get; init; }
    public string? Node { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public long LastOffset { get; init; }
    public long Bytes { get; init; }
    public TaskUsage? Usage { get; init; }
    public string? Result { get; init; }
    public TaskError? Error { get; init; }
    public IReadOnlyList<StoredFile>? Files { get; init; }

    public static StoredRecord From(TaskRecord record) => new()
    {
        State = record.State,
        Epoch = record.Epoch,
        Version = record.Version,
        StopRequested = record.StopRequested,
        Node = record.Node,
        StartedAt = record.StartedAt,
        EndedAt = record.EndedAt,
        LastOffset = record.LastOffset,
        Bytes = record.Bytes,
        Usage = record.Usage,
        Result = record.Result,
        Error = record.Error,
        Files = record.Files.Count > 0 ? record.Files : null,
    };

    public TaskRecord ToRecord(TaskRequest request) => new()
    {
        Request = request,
        State = State,
        Epoch = Epoch,
        Version = Version,
        StopRequested = StopRequested,
        Node = Node,
        StartedAt = StartedAt,
        EndedAt = EndedAt,
        LastOffset = LastOffset,
        Bytes = Bytes,
        Usage = Usage,
        Result = Result,
        Error = Error,
        Files = Files ?? [],
    };
}
