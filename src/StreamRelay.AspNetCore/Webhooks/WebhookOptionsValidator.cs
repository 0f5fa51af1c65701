using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Webhooks;

/// <summary>Checks the endpoints at start. No message repeats a URL or a secret, because both may be confidential.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var faults = options.Endpoints.SelectMany(Faults).Concat(Repeated(options.Endpoints)).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(WebhookEndpointOptions endpoint, int index)
    {
        if (!Uri.TryCreate(endpoint.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo != "" || url.Fragment != "")
            yield return $"{Path(index)}:Url must be an absolute http or https URL without a user name and without a fragment.";
        if (!WebhookSecret.TryRead(endpoint.Secret, out _))
            yield return $"{Path(index)}:Secret must be whsec_ and the base64 of 24 to 64 bytes, or another text of at least 16 characters; 'openssl rand -base64 32' makes one.";
        if (endpoint.Owner is not null && string.IsNullOrWhiteSpace(endpoint.Owner))
            yield return $"{Path(index)}:Owner must name the owner whose tasks are reported; remove it to report the tasks of every owner.";
        if (endpoint.Agents.Any(string.IsNullOrWhiteSpace))
            yield return $"{Path(index)}:Agents must not hold an empty name.";
    }

    private static IEnumerable<string> Repeated(IList<WebhookEndpointOptions> endpoints) =>
        from index in Enumerable.Range(0, endpoints.Count)
        let first = endpoints.TakeWhile(endpoint => (endpoint.Url, endpoint.Owner, endpoint.Format) != (endpoints[index].Url, endpoints[index].Owner, endpoints[index].Format)).Count()
        where first < index
        select $"{Path(index)} has the Url and the Owner of {Path(first)}; name the agents of both in one.";

    private static string Path(int index) => $"{WebhookOptions.Section}:Endpoints:{index}";
}
