using StreamRelay.Events;

namespace StreamRelay.Agents;

/// <summary>Reads events that agents outside of this process write, and checks them against the limits of the log.</summary>
public static class ExternalEvent
{
    private const int MaxNameLength = 255;

    /// <summary>Reads one event.</summary>
    /// <param name="json">The JSON object of the event.</param>
    /// <param name="fault">The error, with the name of the field; empty on success.</param>
    /// <returns>The event, or <see langword="null"/> when the object is not an event or exceeds a limit.</returns>
    /// <exception cref="System.Text.Json.JsonException">It is not JSON.</exception>
    public static StreamEvent? Read(ReadOnlySpan<byte> json, out string fault)
    {
        if (EventReader.Read(json, out fault) is not { } read)
            return null;
        if (!(read.Agent?.Length > MaxNameLength))
            return read;

        fault = $"'agent_name' is longer than {MaxNameLength} characters";
        return null;
    }
}
