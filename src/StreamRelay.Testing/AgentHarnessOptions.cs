using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using StreamRelay.Agents;
using StreamRelay.Conversations;
using StreamRelay.Events;

namespace StreamRelay.Testing;

/// <summary>What a test gives to an agent beside the input, and how long it waits.</summary>
public sealed record AgentHarnessOptions
{
    /// <summary>The messages before the input. Default none.</summary>
    public IReadOnlyList<ConversationMessage> Conversation { get; init; } = [];

    /// <summary>The options of the request, with the names of Chat Completions, such as <c>temperature</c>. Default none.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>The tools of the request, which its caller runs. Default none.</summary>
    public IReadOnlyList<AIFunctionDeclaration> Tools { get; init; } = [];

    /// <summary>The metadata of the request. Default none.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>The conversation that the task belongs to. Default none.</summary>
    public string? SessionId { get; init; }

    /// <summary>The attempt that the agent makes; in the second one and later ones, earlier attempts were broken off. Default 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>What the attempts before this one have published. Needs an <see cref="Attempt"/> of 2 or more. Default nothing.</summary>
    public IReadOnlyList<StreamEvent> History { get; init; } = [];

    /// <summary>The clock of the agent and of everything that runs it, such as a <c>FakeTimeProvider</c>. Default the system's. <see cref="Timeout"/> is always of the system's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Registers the services of the agent. Limits are options, as in a server: <c>services.Configure&lt;FileQuotaOptions&gt;(…)</c>. Default none but logging and the clock.</summary>
    public Action<IServiceCollection> Services { get; init; } = static _ => { };

    /// <summary>Configures how the agent is run. Default as in a server, but <see cref="AgentOptions.OnRestart"/> is <see cref="OnRestart.Resume"/> and <see cref="AgentOptions.MaxAttempts"/> is 1000, so that a test may restart any agent.</summary>
    public Action<AgentOptions> Configure { get; init; } = static _ => { };

    /// <summary>How long each method of the harness waits. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
