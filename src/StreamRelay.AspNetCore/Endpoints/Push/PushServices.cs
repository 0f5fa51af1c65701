using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.Push;
using StreamRelay.Runs;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Push;

/// <summary>The services that take pushed events.</summary>
internal sealed record PushServices(
    ITaskStore Tasks, AgentRegistry Agents, AgentHost Host, StreamManager Streams, LogHeads Heads, PushSessions Sessions, IOptions<StreamOptions> Options);
