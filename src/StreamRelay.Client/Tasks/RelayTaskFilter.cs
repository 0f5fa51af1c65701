namespace StreamRelay.Client.Tasks;

/// <summary>Which tasks to list, newest first.</summary>
public sealed record RelayTaskFilter
{
    /// <summary>Only tasks in this state, such as <c>running</c>; default all.</summary>
    public string? Status { get; init; }

    /// <summary>Only tasks of this agent; default all.</summary>
    public string? Agent { get; init; }

    /// <summary>Only tasks of this conversation; default all.</summary>
    public string? SessionId { get; init; }

    internal string ToQuery(string? before)
    {
        (string Name, string? Value)[] values = [("state", Status), ("agent", Agent), ("session_id", SessionId), ("before", before)];
        return string.Join('&', values.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
    }
}
