using System.Collections.Frozen;
using StreamRelay.Tasks;

namespace StreamRelay.Agents;

/// <summary>All registered agents.</summary>
public sealed class AgentRegistry
{
    private readonly FrozenDictionary<string, AgentDefinition> _agents;

    /// <summary>Creates a registry of these agents.</summary>
    /// <exception cref="InvalidOperationException">Two of them have the same name.</exception>
    public AgentRegistry(IEnumerable<AgentDefinition> agents)
    {
        var all = agents.OrderBy(agent => agent.Name, StringComparer.Ordinal).ToArray();
        var twice = all.GroupBy(agent => agent.Name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new InvalidOperationException($"Agent '{twice.Key}' is registered twice; give one of them another name.");

        Names = [.. all.Select(agent => agent.Name)];
        _agents = all.ToFrozenDictionary(agent => agent.Name, StringComparer.Ordinal);
    }

    /// <summary>The names, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The agent of that name, or <see langword="null"/>.</summary>
    public AgentDefinition? Find(string name) => _agents.GetValueOrDefault(name);

    /// <summary>Whether other processes append the events of a task: as its record says, which may be about an agent that is not registered here, or as its agent does.</summary>
    public bool IsExternal(TaskRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.IsExternal || Find(request.Agent)?.IsExternal is true;
    }
}
