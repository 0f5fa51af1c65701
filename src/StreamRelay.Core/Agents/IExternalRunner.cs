namespace StreamRelay.Agents;

/// <summary>A runner that does not speak itself: its tasks' events come from outside, and any process may append them, each after what it has read.</summary>
public interface IExternalRunner : IAgentRunner;
