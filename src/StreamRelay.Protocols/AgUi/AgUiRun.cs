using System.Security.Cryptography;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>The thread and the run that a task is for its clients.</summary>
internal sealed record AgUiRun(string ThreadId, string RunId)
{
    /// <summary>The idempotency key of the run: a request for the same run is answered with the same task.</summary>
    public string Key => "ag-ui:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ThreadId.Length}\n{ThreadId}\n{RunId}")));

    /// <summary>The run of a task. One that was not started through this protocol is a run of its session under its own id.</summary>
    public static AgUiRun Read(StreamEvent start, TaskRequest request)
    {
        var (thread, run) = ("", "");
        var fields = new MetadataReader(start.Metadata);
        while (fields.Read())
        {
            if (fields.Is("thread_id"u8))
                thread = fields.Text();
            else if (fields.Is("run_id"u8))
                run = fields.Text();
        }

        return new(thread.Length > 0 ? thread : request.SessionId ?? request.Id.ToString(), run.Length > 0 ? run : request.Id.ToString());
    }

    /// <summary>The metadata that <see cref="Read"/> reads.</summary>
    public byte[] ToProtocol() => JsonLine.Encode((ref FrameJson json) =>
    {
        json.BeginObject();
        json.Text("thread_id"u8, ThreadId);
        json.Text("run_id"u8, RunId);
        json.EndObject();
    });

    /// <summary>The members that name the run in an event.</summary>
    public byte[] ToMembers() => JsonLine.Encode((ref FrameJson json) =>
    {
        json.Text("threadId"u8, ThreadId);
        json.Text("runId"u8, RunId);
    });
}
