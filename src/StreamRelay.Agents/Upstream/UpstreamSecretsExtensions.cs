using StreamRelay.Agents.Upstream.Answers;

namespace StreamRelay.Agents.Upstream;

/// <summary>Finds the secrets of an agent.</summary>
internal static class UpstreamSecretsExtensions
{
    /// <summary>What an agent with these options sends: a header as a whole and its words, such as the token after <c>Bearer</c>, and a value of the query
    /// also as the address has it.</summary>
    public static UpstreamSecrets ToSecrets(this UpstreamOptions options) => new(options.ApiKey,
    [
        .. options.Headers.Values.SelectMany(static value => value.Split(' ').Prepend(value)),
        .. options.Query.Values.SelectMany(static value => (string[])[value, Uri.EscapeDataString(value)]),
    ]);
}
