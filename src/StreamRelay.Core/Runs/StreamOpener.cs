using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using StreamRelay.Agents;
using StreamRelay.Events;
using StreamRelay.Files;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Opens the streams of tasks that are to run here, and writes what every log begins with.</summary>
internal sealed class StreamOpener(
    StreamManager streams, ITaskStore tasks, IFileStore files, IEventLog log, IEnumerable<ITaskObserver> observers, TimeProvider time, ILogger logger)
{
    /// <summary>Opens the task for an agent. On return it can be read.</summary>
    public async ValueTask<TaskRun> OpenAsync(TaskRecord record, AgentDefinition agent, TaskInput input, LogSummary before, Task after)
    {
        var stream = await BeginAsync(record, before, agent.IsExternal);
        return new(record, agent, input, stream, streams, tasks, files, time, logger) { After = after, OnEnding = EndingAsync };
    }

    /// <summary>Makes the task readable, for whoever will run it. Doing so twice, on several nodes at once, does no harm.</summary>
    public async ValueTask AnnounceAsync(TaskRecord record)
    {
        try
        {
            await using var writer = await log.OpenAsync(record.Id, record.Epoch, CancellationToken.None);
            if (writer.NextOffset == 1)
                await writer.AppendAsync(new[] { Start(record.Request) }, CancellationToken.None);
        }
        catch (StaleEpochException)
        {
            // Another node has done so, or runs it already.
        }
    }

    /// <summary>Opens a task's stream, and writes what it begins with unless that is there.</summary>
    public async ValueTask<TaskStream> BeginAsync(TaskRecord record, LogSummary before, bool isShared)
    {
        for (var known = before; ; known = LogSummary.Empty)
        {
            if (known.LastOffset == 0)
                await AnnounceAsync(record);

            var stream = await streams.ContinueAsync(record.Id, record.Epoch, known, isShared, CancellationToken.None);
            if (stream.Head > 0)
                return stream;

            // A shared store has lost the log since it was read, or since it was announced.
            await stream.DetachAsync();
            streams.Release(stream);
        }
    }

    /// <summary>Tells all observers that a task ends.</summary>
    public async ValueTask EndingAsync(TaskRecord ended)
    {
        foreach (var observer in observers)
            await observer.EndingAsync(ended);
    }

    /// <summary>The first entry: the same whoever writes it, so that one that is written again tells nobody anything else.</summary>
    private static StreamEntry Start(TaskRequest request) => new(1, DateTimeOffset.FromUnixTimeMilliseconds(request.CreatedAt.ToUnixTimeMilliseconds()), new(StreamEventKind.Start, default, AgentEvents.Json(json =>
    {
        json.WriteString("model"u8, request.Agent);
        json.WriteNumber("created"u8, request.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("system_fingerprint"u8, "fp_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Agent)).AsSpan(0, 5)));
        if (!request.Protocol.IsEmpty)
            AgentEvents.CopyProperties(request.Protocol, json);
    })));
}
