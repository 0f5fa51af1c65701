using StreamRelay.AspNetCore.Limits.Callers;
using StreamRelay.AspNetCore.Limits.Rates;
using StreamRelay.Limits;
using StreamRelay.Runs;

namespace StreamRelay.AspNetCore.Endpoints.Limits;

/// <summary>What knows the limits of a caller.</summary>
internal sealed record LimitServices(RequestRates Rates, OpenStreams Streams, TokenQuota Tokens, AgentHost Host, SizeLimits Sizes, TimeProvider Time);
