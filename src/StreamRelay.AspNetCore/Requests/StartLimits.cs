using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Limits;
using StreamRelay.Protocols.Requests;
using StreamRelay.Runs;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Starts tasks within the limits of starts, and counts what these refuse.</summary>
public sealed class StartLimits(AgentHost host, IOptions<LimitOptions> options, LimitMetrics metrics)
{
    /// <summary>Checks the sizes of what a task keeps in memory.</summary>
    /// <exception cref="RequestException">413: something is too large.</exception>
    public void Check(TaskRequestDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Metadata.Length > options.Value.MetadataBytes)
            throw StartRefusals.MetadataTooLarge(draft.MetadataName, options.Value.MetadataBytes);
        if (draft.Protocol.Length > options.Value.EchoBytes)
            throw StartRefusals.EchoTooLarge(options.Value.EchoBytes);
    }

    /// <inheritdoc cref="AgentHost.StartTaskAsync"/>
    public async ValueTask<TaskRecord> StartAsync(TaskRequest request, TaskInput input, CancellationToken cancellationToken)
    {
        try
        {
            return (await host.StartTaskAsync(request, input, cancellationToken)).Task;
        }
        catch (TaskLimitException exception)
        {
            metrics.Refuse($"queued_tasks_per_{exception.Holder}");
            throw;
        }
        catch (TokenLimitException exception)
        {
            metrics.Refuse($"tokens_per_day_per_{exception.Use.Of}");
            throw;
        }
    }
}
