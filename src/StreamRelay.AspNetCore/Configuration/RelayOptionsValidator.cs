using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.Process;
using StreamRelay.Agents.Push;
using StreamRelay.Agents.Upstream;

namespace StreamRelay.AspNetCore.Configuration;

/// <summary>Refuses misspelt settings, and settings of agents that do not exist.</summary>
internal sealed class RelayOptionsValidator(IConfiguration configuration, IEnumerable<OptionsSection> sections, IServiceProvider services) : IValidateOptions<RelayOptions>
{
    private static readonly Dictionary<string, Type[]> Types = new()
    {
        ["upstream"] = [typeof(AgentOptions), typeof(UpstreamOptions)],
        ["process"] = [typeof(AgentOptions), typeof(ProcessOptions)],
        ["push"] = [typeof(AgentOptions), typeof(PushOptions)],
        ["tutorial"] = [typeof(AgentOptions)],
        ["probe"] = [typeof(AgentOptions)],
    };

    public ValidateOptionsResult Validate(string? name, RelayOptions options)
    {
        string[] agents = [.. services.GetServices<AgentDefinition>().Select(agent => agent.Name)];
        string[] faults =
        [
            .. sections.SelectMany(section => OptionsFaults.Unknown(configuration.GetSection(section.Path), section.Options)),
            .. configuration.GetSection($"{RelayOptions.Section}:Agents").GetChildren().SelectMany(agent => Faults(agent, agents)),
        ];
        if (!agents.Contains(options.DefaultAgent))
            faults = [.. faults, $"{RelayOptions.Section}:DefaultAgent is '{options.DefaultAgent}', and there is no such agent; there are: {string.Join(", ", agents)}."];

        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IConfigurationSection agent, string[] agents)
    {
        if (agent["Type"] is { Length: > 0 } type)
            return Types.TryGetValue(type, out var options) ? OptionsFaults.Unknown(agent, options).Concat(NotLists(agent, type)) : [];

        return agents.Contains(agent.Key) ? [] : [$"{agent.Path}:Type is missing, and there is no agent '{agent.Key}'; it must be {string.Join(", ", Types.Keys)}."];
    }

    private static IEnumerable<string> NotLists(IConfigurationSection agent, string type) => type != "process" ? []
        : OptionsFaults.NotAList(agent.GetSection(nameof(ProcessOptions.Arguments))).Concat(OptionsFaults.NotAList(agent.GetSection(nameof(ProcessOptions.Inherit))));
}
