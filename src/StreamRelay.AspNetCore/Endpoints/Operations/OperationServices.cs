using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Endpoints.Tasks;
using StreamRelay.Streams;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Operations;

/// <summary>The services that complete an operation.</summary>
internal sealed record OperationServices(
    ITaskStore Tasks, AgentRegistry Agents, TaskViewer Viewer, CompletionHandler Handler, IOptions<StreamOptions> Options, TimeProvider Time);
