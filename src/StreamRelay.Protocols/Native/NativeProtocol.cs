using StreamRelay.Tasks;

namespace StreamRelay.Protocols.Native;

/// <summary>The native protocol: each entry as one JSON object, read by any EventSource.</summary>
/// <param name="named">Whether frames carry <c>event: &lt;event_type&gt;</c>; the terminal error is then <c>task_error</c>.</param>
public sealed class NativeProtocol(bool named) : IStreamProtocol
{
    /// <summary>Unnamed frames: <c>onmessage</c> sees all of them.</summary>
    public static NativeProtocol Unnamed { get; } = new(false);

    /// <summary>Named frames: one listener for each type.</summary>
    public static NativeProtocol Named { get; } = new(true);

    /// <inheritdoc/>
    public string Name => named ? "native-named" : "native";

    /// <inheritdoc/>
    public bool AutoReconnects => true;

    /// <inheritdoc/>
    public bool AbortsOnFailure => false;

    /// <inheritdoc/>
    public IStreamEncoder CreateEncoder(TaskRequest request) => new NativeEncoder(request, named);
}
