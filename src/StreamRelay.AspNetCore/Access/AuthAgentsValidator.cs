using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Refuses keys that name an agent that does not exist.</summary>
internal sealed class AuthAgentsValidator(IServiceProvider services) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        if (options.Keys.All(static key => key.Agents.Count == 0) || services.GetService<AgentRegistry>() is not { } agents)
            return ValidateOptionsResult.Success;

        string[] known = [.. agents.Names];
        var faults = options.Keys.SelectMany((key, index) => key.Agents.Select((agent, position) => (Agent: agent, Path: $"{AuthOptions.Section}:Keys:{index}:Agents:{position}")))
            .Where(named => !known.Contains(named.Agent)).Select(named => Fault(named.Path, named.Agent, known)).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static string Fault(string path, string agent, string[] known)
    {
        var meant = Spelling.FindClosest(agent, known) is { } name ? $"; did you mean {name}?" : ".";
        return $"{path} is '{agent}', and there is no such agent{meant} Agents: {string.Join(", ", known)}.";
    }
}
