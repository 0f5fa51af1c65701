using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Limits.Rates;
using StreamRelay.Files;
using StreamRelay.Runs;
using StreamRelay.Streams;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>What knows the limits of a caller.</summary>
internal sealed record LimitServices(
    RequestRates Rates, OpenStreams Streams, AgentHost Host, IOptions<LimitOptions> Requests, IOptions<StreamOptions> Tasks, IOptions<FileQuotaOptions> Files);
