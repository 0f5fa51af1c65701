namespace StreamRelay.Agents;

/// <summary>A runner that publishes no events itself: any process appends the events of its tasks, by compare-and-set on the next offset.</summary>
public interface IExternalRunner : IAgentRunner;
