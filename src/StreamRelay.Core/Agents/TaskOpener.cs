using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace StreamRelay.Agents;

/// <summary>Opens the streams of tasks that are to run here, and writes what every log begins with.</summary>
internal sealed class TaskOpener(
    StreamManager streams, ITaskStore tasks, IFileStore files, IEnumerable<ITaskObserver> observers, TimeProvider time, ILogger logger)
{
    /// <summary>Opens the task for an agent. On return it can be read.</summary>
    public async ValueTask<TaskRun> OpenAsync(TaskRecord record, AgentDefinition agent, TaskInput input, LogSummary before, Task after)
    {
        var stream = await BeginAsync(record, before);
        return new(record, agent, input, stream, streams, tasks, files, time, logger) { After = after, OnEnding = EndingAsync };
    }

    /// <summary>Makes the task readable, for whoever will run it. Doing so twice does no harm.</summary>
    public async ValueTask AnnounceAsync(TaskRecord record)
    {
        try
        {
            var stream = await BeginAsync(record, LogSummary.Empty);
            await stream.DetachAsync();
            streams.Release(stream);
        }
        catch (InvalidOperationException exception) when (exception is StaleEpochException || streams.Find(record.Id) is not null)
        {
            // Who runs it has begun already.
        }
    }

    /// <summary>Opens a task's stream, and writes what it begins with unless that is there.</summary>
    public async ValueTask<TaskStream> BeginAsync(TaskRecord record, LogSummary before)
    {
        while (true)
        {
            var stream = await streams.ContinueAsync(record.Id, record.Epoch, before, CancellationToken.None);
            try
            {
                if (stream.Head == 0)
                    await stream.PublishAsync(new(StreamEventKind.Start, default, StartMetadata(record.Request)), CancellationToken.None);

                await stream.FlushAsync(CancellationToken.None);
                return stream;
            }
            catch (PublishException exception) when (exception.Failure == PublishFailure.StaleEpoch && stream.Head == 0)
            {
                // Somebody else has begun this very attempt's log: it goes on from there, or belongs to a newer one.
                streams.Release(stream);
            }
            catch
            {
                streams.Release(stream);
                throw;
            }
        }
    }

    /// <summary>Tells all observers that a task ends.</summary>
    public async ValueTask EndingAsync(TaskRecord ended)
    {
        foreach (var observer in observers)
            await observer.EndingAsync(ended);
    }

    private static ReadOnlyMemory<byte> StartMetadata(TaskRequest request) => AgentEvents.Json(json =>
    {
        json.WriteString("model"u8, request.Agent);
        json.WriteNumber("created"u8, request.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("system_fingerprint"u8, "fp_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Agent)).AsSpan(0, 5)));
        if (!request.Protocol.IsEmpty)
            AgentEvents.CopyProperties(request.Protocol, json);
    });
}
