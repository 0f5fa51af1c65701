namespace StreamRelay.Client.Errors;

/// <summary>The task of a chat answer failed: its last event is an <c>error</c>, whose code is <see cref="RelayException.Code"/>.</summary>
/// <param name="message">The message of the event.</param>
/// <param name="taskId">The task.</param>
public sealed class RelayTaskFailedException(string message, string taskId) : RelayException(message)
{
    /// <summary>The task.</summary>
    public string TaskId { get; } = taskId;
}
