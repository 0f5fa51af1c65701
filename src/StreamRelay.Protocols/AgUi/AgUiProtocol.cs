using StreamRelay.Tasks;

namespace StreamRelay.Protocols.AgUi;

/// <summary>AG-UI 1.0: a task is one run of a thread.</summary>
public sealed class AgUiProtocol : IStreamProtocol
{
    /// <summary>The one instance.</summary>
    public static AgUiProtocol Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "ag-ui";

    /// <inheritdoc/>
    public bool AutoReconnects => false;

    /// <inheritdoc/>
    public bool AbortsOnFailure => false;

    /// <inheritdoc/>
    public IStreamEncoder CreateEncoder(TaskRequest request) => new AgUiEncoder(request);
}
