using StreamRelay.AspNetCore.Endpoints.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>One event of a push, as the API document describes it.</summary>
public sealed record PushEvent : EventView
{
    /// <summary><c>output</c>, <c>thought</c>, <c>step_start</c>, <c>step_end</c>, <c>action_start</c>, <c>action_delta</c>, <c>action</c>,
    /// <c>observation</c>, <c>file</c>, <c>usage</c>, <c>data</c>, <c>log</c>, or <c>end</c> and <c>error</c>, which end the task.</summary>
    public required string EventType { get; init; }

    /// <summary>The speaker, where it is not the agent of the task.</summary>
    public string? AgentName { get; init; }
}
