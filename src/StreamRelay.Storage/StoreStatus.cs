using StreamRelay.Tasks;

namespace StreamRelay.Storage;

/// <summary>The fault that the monitor has seen last. Not the monitor itself, because a container disposes what it hands out.</summary>
internal sealed class StoreStatus : IStoreStatus
{
    private volatile string? _fault;

    public string? Fault
    {
        get => _fault;
        set => _fault = value;
    }
}
