using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.Process;
using StreamRelay.Agents.Push;
using StreamRelay.Agents.Upstream;
using StreamRelay.Protocols.Requests;
using StreamRelay.Storage;

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
            .. Misspelt(),
            .. OptionsFaults.Unknown(configuration.GetSection(RelayOptions.Section), KnownKeys()),
            .. sections.SelectMany(section => section.Options is null ? [] : OptionsFaults.Unknown(configuration.GetSection(section.Path), section.Options)),
            .. configuration.GetSection(RelayOptions.AgentsSection).GetChildren().SelectMany(agent => Faults(agent, agents)),
        ];
        if (options.DefaultAgent.Length > 0 && !agents.Contains(options.DefaultAgent))
            faults = [.. faults, $"{RelayOptions.Section}:DefaultAgent is '{options.DefaultAgent}', and there is no such agent; there are: {string.Join(", ", agents)}."];

        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>A section beside <c>StreamRelay</c> that resembles it: every setting in it would be ignored.</summary>
    private IEnumerable<string> Misspelt() =>
        from section in configuration.GetChildren()
        where section.GetChildren().Any() && Spelling.FindClosest(section.Key, [RelayOptions.Section]) is not null
        select $"{section.Path} is not a setting; did you mean {RelayOptions.Section}?";

    /// <summary>What the section <c>StreamRelay</c> can hold.</summary>
    private string[] KnownKeys() =>
    [
        .. sections.Select(section => section.Path).Append(RelayOptions.AgentsSection).Append(StorageOptions.DataPathKey).Select(path => path.Split(':')[1]),
        nameof(RelayOptions.BuiltInAgents),
        nameof(RelayOptions.DefaultAgent),
        nameof(RelayOptions.Translation),
    ];

    private static IEnumerable<string> Faults(IConfigurationSection agent, string[] agents)
    {
        if (agent["Type"] is { Length: > 0 } type)
            return Types.TryGetValue(type, out var options) ? OptionsFaults.Unknown(agent, options).Concat(NotLists(agent, type)) : [];

        return agents.Contains(agent.Key) ? [] : [$"{agent.Path}:Type is missing, and there is no agent '{agent.Key}'; it must be {string.Join(", ", Types.Keys)}."];
    }

    private static IEnumerable<string> NotLists(IConfigurationSection agent, string type) => type != "process" ? []
        : OptionsFaults.NotAList(agent.GetSection(nameof(ProcessOptions.Arguments))).Concat(OptionsFaults.NotAList(agent.GetSection(nameof(ProcessOptions.Inherit))));
}
