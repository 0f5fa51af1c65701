using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamRelay.Events;
using StreamRelay.Protocols.Json;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>The thread and the run that a task is.</summary>
internal static class AgUiRun
{
    /// <summary>What a task's request keeps of them.</summary>
    public static byte[] ToProtocol(string thread, string run) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["thread_id"] = thread, ["run_id"] = run }, AgUiJson.Default.DictionaryStringString);

    /// <summary>The key of a run: a run that is asked for again is the same run.</summary>
    public static string Key(string thread, string run) => "ag-ui:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{thread.Length}\n{thread}\n{run}")));

    /// <summary>What a task's first event says of them; a task that was not started through this protocol is a run of its conversation under its own id.</summary>
    public static (byte[] Thread, byte[] Run) Read(StreamEvent start, TaskRequest request) =>
        (Bytes(start.Field("thread_id"), request.SessionId ?? request.Id.ToString()), Bytes(start.Field("run_id"), request.Id.ToString()));

    private static byte[] Bytes(string text, string otherwise) => Encoding.UTF8.GetBytes(text.Length > 0 ? text : otherwise);
}
