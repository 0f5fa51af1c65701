using System.Text.Json;
using StreamRelay.Client.Events;
using StreamRelay.Events;
using StreamRelay.Protocols.Native;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.Testing;

/// <summary>Collects the events of a task as a client reads them. Safe to use from any thread.</summary>
internal sealed class HarnessEvents
{
    private readonly Lock _lock = new();
    private readonly List<RelayEvent> _events = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>The events so far.</summary>
    public IReadOnlyList<RelayEvent> Snapshot()
    {
        lock (_lock)
            return [.. _events];
    }

    /// <summary>Reads on from the last event until the end of the task.</summary>
    public async Task ReadAsync(StreamManager streams, TaskRequest task, CancellationToken cancellationToken)
    {
        using var cursor = streams.Read(task.Id, Snapshot().Count);
        while (!cursor.IsCompleted)
            Add(task, await cursor.ReadAsync(cancellationToken));
    }

    /// <summary>Waits for an event.</summary>
    /// <returns>The first one that fits, or <see langword="null"/> when the task has ended without one.</returns>
    public async Task<RelayEvent?> FindAsync(Func<RelayEvent, bool> condition)
    {
        for (var next = 0; ; next++)
        {
            var streamed = await GetAsync(next);
            if (condition(streamed))
                return streamed;
            if (streamed.IsTerminal)
                return null;
        }
    }

    /// <summary>Waits until there is an event at an index.</summary>
    private async Task<RelayEvent> GetAsync(int index)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (index < _events.Count)
                    return _events[index];

                changed = _changed.Task;
            }

            await changed;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Add(TaskRequest task, ReadOnlyMemory<StreamEntry> entries)
    {
        var page = JsonElement.Parse(NativePage.Write(task, entries, hasMore: false, next: 0).Span);
        TaskCompletionSource changed;
        lock (_lock)
        {
            _events.AddRange(page.GetProperty("data").EnumerateArray().Select(RelayEvent.FromJson));
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }
}
