using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents;

/// <summary>Reads events as agents outside of this process write them, within what a log takes.</summary>
public static class ExternalEvent
{
    private const int LongestName = 255;

    /// <summary>Reads one event.</summary>
    /// <param name="json">The object.</param>
    /// <param name="fault">What is wrong with it, naming the field; empty on success.</param>
    /// <returns><see langword="null"/> when it is not an event, or is none that can be kept.</returns>
    public static StreamEvent? Read(JsonElement json, out string fault)
    {
        if (EventReader.Read(json, out fault) is not { } read)
            return null;
        if (!(read.Agent?.Length > LongestName))
            return read;

        fault = $"'agent_name' is longer than {LongestName} characters";
        return null;
    }
}
