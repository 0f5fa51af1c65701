using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>A runner that checks the input of a task before the task starts. A runner without this interface takes every input.</summary>
public interface IInputCheck
{
    /// <summary>Says what is wrong with an input, or is lost of it. Called once for a start; it must not throw, and must not change anything.</summary>
    /// <param name="input">The input.</param>
    /// <param name="cancellationToken">Cancelled when the client has gone.</param>
    ValueTask<InputReport> CheckAsync(TaskInput input, CancellationToken cancellationToken);
}
