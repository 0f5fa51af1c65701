using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.OpenAiResponses;

/// <summary>The response object of a task so far.</summary>
internal sealed class ResponsesState(TaskRequest request)
{
    private readonly List<ResponsesItem> _items = [];
    private readonly string _id = ResponsesId.Of(request.Id);
    private string _model = request.Agent;
    private byte[] _echo = ResponsesEcho.ToMembers(default);
    private ResponsesEnd? _end;

    public IReadOnlyList<ResponsesItem> Items => _items;

    public void Begin(StreamEvent start)
    {
        _model = StartMetadata.Read(start).Model;
        _echo = ResponsesEcho.ToMembers(start.Metadata);
    }

    public void Add(ResponsesItem item) => _items.Add(item);

    public void End(ResponsesEnd end) => _end = end;

    /// <summary>Writes the members of the object.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="status">The status while the task has not ended.</param>
    /// <param name="withOutput">Whether with the output so far.</param>
    public void Write(ref FrameJson json, ReadOnlySpan<byte> status, bool withOutput)
    {
        json.Text("id"u8, _id);
        json.Token("object"u8, "response"u8);
        json.Number("created_at"u8, request.CreatedAt.ToUnixTimeSeconds());
        json.Token("status"u8, _end is null ? status : _end.Status);
        ResponsesEnd.WriteError(ref json, _end);
        ResponsesEnd.WriteIncompleteDetails(ref json, _end);
        json.Text("model"u8, _model);
        WriteItems(ref json, withOutput);
        ResponsesEnd.WriteUsage(ref json, _end);
        json.Value("metadata"u8, request.Metadata.IsEmpty ? "{}"u8 : request.Metadata.Span);
        json.Members(_echo);
    }

    private void WriteItems(ref FrameJson json, bool withOutput)
    {
        json.BeginArray("output"u8);
        foreach (var item in withOutput ? _items : [])
        {
            json.BeginObject();
            item.Write(ref json, isNew: false);
            json.EndObject();
        }

        json.EndArray();
    }
}
