using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.ChatModels;
using StreamRelay.Agents.Process;
using StreamRelay.Agents.Push;
using StreamRelay.Agents.Tutorial;
using StreamRelay.Agents.Upstream;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Protocols.Http;
using StreamRelay.Redis;
using StreamRelay.Storage;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Settings;

/// <summary>Finds misspelt settings and agents that do not exist: what is passed over in silence is missed when it is needed.</summary>
internal sealed class RelaySettingsValidator(IConfiguration configuration, IServiceProvider services) : IValidateOptions<RelayOptions>
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        (StreamOptions.Section, typeof(StreamOptions)), (StorageOptions.Section, typeof(StorageOptions)), (ModelOptions.Section, typeof(ModelOptions)),
        (TutorialOptions.Section, typeof(TutorialOptions)), (LimitOptions.Section, typeof(LimitOptions)),
        (RedisStoreOptions.Section, typeof(RedisStoreOptions)), (OperationOptions.Section, typeof(OperationOptions)),
    ];

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
            .. Sections.SelectMany(part => SettingsFaults.Unknown(configuration.GetSection(part.Section), part.Options)),
            .. configuration.GetSection($"{RelayOptions.Section}:Agents").GetChildren().SelectMany(agent => Faults(agent, agents)),
        ];
        if (!agents.Contains(options.DefaultAgent))
            faults = [.. faults, $"{RelayOptions.Section}:DefaultAgent is '{options.DefaultAgent}', and there is no such agent; there are: {string.Join(", ", agents)}."];

        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IConfigurationSection agent, string[] agents)
    {
        if (agent["Type"] is { Length: > 0 } type)
            return Types.TryGetValue(type, out var options) ? SettingsFaults.Unknown(agent, options).Concat(NotLists(agent, type)) : [];

        return agents.Contains(agent.Key) ? [] : [$"{agent.Path}:Type is missing, and there is no agent '{agent.Key}'; it must be {string.Join(", ", Types.Keys)}."];
    }

    private static IEnumerable<string> NotLists(IConfigurationSection agent, string type) => type != "process" ? []
        : SettingsFaults.NotAList(agent.GetSection(nameof(ProcessOptions.Arguments))).Concat(SettingsFaults.NotAList(agent.GetSection(nameof(ProcessOptions.Inherit))));
}
