namespace StreamRelay.AspNetCore.Requests;

/// <summary>A feature of a request that started no task, because an earlier request had started the same one.</summary>
internal sealed class RepeatedStart
{
    /// <summary>The one instance.</summary>
    public static RepeatedStart Instance { get; } = new();
}
