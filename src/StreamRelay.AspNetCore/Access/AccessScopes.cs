namespace StreamRelay.AspNetCore.Access;

/// <summary>What a caller may do with the tasks of its owner. Each of <see cref="RelayPolicies"/> requires one scope.</summary>
public static class AccessScopes
{
    /// <summary>Start, stop and delete tasks. The answer to a start, streamed or not, needs no further scope.</summary>
    public const string Start = "start";

    /// <summary>Read tasks, their events and their files, and issue tickets for them.</summary>
    public const string Read = "read";

    /// <summary>Publish the events of tasks that run elsewhere, and complete operations.</summary>
    public const string Push = "push";

    /// <summary>Change many tasks with one request, and manage keys.</summary>
    public const string Admin = "admin";

    /// <summary>Every scope.</summary>
    public static IReadOnlyList<string> All { get; } = [Start, Read, Push, Admin];
}
