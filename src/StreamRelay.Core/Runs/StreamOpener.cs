using System.Security.Cryptography;
using System.Text;
using StreamRelay.Events;
using StreamRelay.Logs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Runs;

/// <summary>Opens the streams of tasks that run in this process, and writes the first entry of every log.</summary>
internal sealed class StreamOpener(StreamManager streams, IEventLog log)
{
    /// <summary>Makes the task readable: on return its log has a first entry. Several nodes may do this at the same time.</summary>
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
            // Another node has written the entry, or runs the task already.
        }
    }

    /// <summary>Whether the log of a task has a first entry.</summary>
    public async ValueTask<bool> IsAnnouncedAsync(TaskId task, CancellationToken cancellationToken)
    {
        try
        {
            return !(await log.ReadAsync(task, offset: 0, limit: 1, cancellationToken)).IsEmpty;
        }
        catch (LogNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Opens a task's stream; writes the first entry unless the log has one.</summary>
    public async ValueTask<TaskStream> OpenAsync(TaskRecord record, LogSummary before, bool isExternal)
    {
        for (var known = before; ; known = LogSummary.Empty)
        {
            if (known.LastOffset == 0)
                await AnnounceAsync(record);

            var stream = await streams.ContinueAsync(record.Id, record.Epoch, known, isExternal, CancellationToken.None);
            if (stream.Head > 0)
                return stream;

            // A shared store has lost the log since it was read or announced.
            await stream.DetachAsync();
            streams.Release(stream);
        }
    }

    /// <summary>The first entry. It depends on the request alone, so that writing it again changes nothing for readers.</summary>
    private static StreamEntry Start(TaskRequest request) => new(1, DateTimeOffset.FromUnixTimeMilliseconds(request.CreatedAt.ToUnixTimeMilliseconds()), new(StreamEventKind.Start, default, AgentEvents.Json(json =>
    {
        json.WriteString("model"u8, request.Agent);
        json.WriteNumber("created"u8, request.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("system_fingerprint"u8, "fp_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Agent)).AsSpan(0, 5)));
        AgentEvents.CopyProperties(request.Protocol, json);
    })));
}
