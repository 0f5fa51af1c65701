using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>A runner that checks the input of a task before the task starts. A runner without this interface takes every input.</summary>
public interface IInputCheck
{
    /// <summary>Says what is wrong with an input, or is lost of it. Called once for a start; it must not throw, and must not change anything.</summary>
    InputReport Check(TaskInput input);
}
