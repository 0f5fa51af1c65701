using StreamRelay.Events;
using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Folds;

/// <summary>Folds the entries of one task, from the first one on: calls a method for each kind of event, and keeps what most protocols need.</summary>
public abstract class EventFold
{
    private readonly ToolCalls _calls;

    /// <param name="onlyCallsForCaller">Whether only the tool calls are kept that the client has to run.</param>
    private protected EventFold(bool onlyCallsForCaller) => _calls = new(onlyCallsForCaller);

    /// <summary>The terminal event once it was added.</summary>
    private protected StreamEvent? Terminal { get; private set; }

    /// <summary>The usage that was reported last; none counts as 0, estimated.</summary>
    private protected TaskUsage Usage { get; private set; } = new(0, 0, true);

    /// <summary>What that usage consists of, as far as it is known.</summary>
    private protected UsageMetadata UsageDetails { get; private set; }

    /// <summary>The tool calls that are kept, in the order of their first events.</summary>
    private protected IReadOnlyList<ToolCall> Calls => _calls.All;

    /// <summary>Adds the next entry.</summary>
    /// <exception cref="System.Text.Json.JsonException">The metadata of the entry is not a JSON object; nothing can be added any more.</exception>
    public void Add(in StreamEntry entry)
    {
        OnEntry(entry);
        var item = entry.Event;
        switch (item.Kind)
        {
            case StreamEventKind.Start:
                OnStart(item);
                break;
            case StreamEventKind.Output or StreamEventKind.Thought:
                OnText(item.Kind, item.Content.Span, TextMetadata.Read(item));
                break;
            case StreamEventKind.StepStart:
                OnStepStart(item.Content);
                break;
            case StreamEventKind.StepEnd:
                OnStepEnd(item.Content);
                break;
            case StreamEventKind.ActionStart or StreamEventKind.ActionDelta or StreamEventKind.Action:
                if (_calls.Apply(item) is { } update)
                    OnToolCall(update);
                break;
            case StreamEventKind.Observation:
                OnObservation(item);
                break;
            case StreamEventKind.File:
                OnFile(item);
                break;
            case StreamEventKind.Usage:
                Usage = TaskUsage.FromMetadata(item.Metadata);
                UsageDetails = UsageMetadata.Read(item);
                OnUsage(item);
                break;
            case StreamEventKind.Data:
                OnData(item);
                break;
            case StreamEventKind.End:
                Terminal = item;
                OnEnd(EndMetadata.Read(item));
                break;
            case StreamEventKind.Error:
                Terminal = item;
                OnError(item, ErrorMetadata.Read(item));
                break;
        }
    }

    /// <summary>The call with this id, if it is kept.</summary>
    private protected ToolCall? FindCall(string id) => _calls.Find(id);

    /// <summary>Comes before the method of the entry's kind.</summary>
    private protected virtual void OnEntry(in StreamEntry entry)
    {
    }

    private protected virtual void OnStart(StreamEvent start)
    {
    }

    /// <summary>A piece of the answer (<see cref="StreamEventKind.Output"/>) or of the reasoning (<see cref="StreamEventKind.Thought"/>).</summary>
    private protected virtual void OnText(StreamEventKind kind, ReadOnlySpan<byte> text, in TextMetadata metadata)
    {
    }

    private protected virtual void OnStepStart(ReadOnlyMemory<byte> title)
    {
    }

    private protected virtual void OnStepEnd(ReadOnlyMemory<byte> title)
    {
    }

    private protected virtual void OnToolCall(in ToolCallUpdate update)
    {
    }

    private protected virtual void OnObservation(StreamEvent observation)
    {
    }

    private protected virtual void OnFile(StreamEvent file)
    {
    }

    /// <summary>Comes after <see cref="Usage"/> was set.</summary>
    private protected virtual void OnUsage(StreamEvent usage)
    {
    }

    private protected virtual void OnData(StreamEvent data)
    {
    }

    private protected virtual void OnEnd(in EndMetadata end)
    {
    }

    private protected virtual void OnError(StreamEvent error, in ErrorMetadata metadata)
    {
    }
}
