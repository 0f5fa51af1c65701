using System.Text.Json;
using System.Text.Json.Serialization;
using StreamRelay.Tasks;

namespace StreamRelay.Storage.Records;

/// <summary>The column <c>record</c>: the progress of a task. It is replaced with every change. Its members can be set, because that is what the serializer reads fastest.</summary>
internal sealed record StoredRecord
{
    public TaskState State { get; set; }
    public long Epoch { get; set; }
    public long Version { get; set; }
    public bool StopRequested { get; set; }
    public string? Node { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public long LastOffset { get; set; }
    public long Bytes { get; set; }
    public TaskUsage? Usage { get; set; }
    [JsonConverter(typeof(RawJsonConverter))] public string? Result { get; set; }
    public TaskError? Error { get; set; }
    public IReadOnlyList<StoredFile>? Files { get; set; }
    public long? DamagedAfter { get; set; }

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
        DamagedAfter = record.DamagedAfter,
    };

    /// <exception cref="JsonException">The document is incomplete.</exception>
    public TaskRecord ToRecord(TaskRequest request) => new()
    {
        Request = request,
        State = Enum.IsDefined(State) ? State : throw new JsonException("The record has no known state."),
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
        DamagedAfter = DamagedAfter,
    };
}
