using Microsoft.Extensions.Options;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Checks the options at start. No message repeats the value of a hash, which may be a key by mistake.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var faults = options.Keys.SelectMany(Faults).Concat(Repeated(options.Keys)).Concat(SharedWithAnyone(options)).Concat(WrongOrigins(options)).Concat(WrongScheme(options)).ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ApiKeyOptions key, int index)
    {
        if (string.IsNullOrWhiteSpace(key.Owner))
            yield return $"{Path(index)}:Owner must name whose tasks the key sees.";
        if (!ApiKey.IsHash(key.Hash))
            yield return $"{Path(index)}:Hash must be 64 lower-case hexadecimal digits, the SHA-256 of the key; the option --new-key makes a key and its hash.";
        if (key.Agents.Any(string.IsNullOrWhiteSpace))
            yield return $"{Path(index)}:Agents must not hold an empty name.";
        foreach (var scope in key.Scopes.Where(static scope => !AccessScopes.All.Contains(scope)))
            yield return $"{Path(index)}:Scopes holds '{scope}', which is not a scope; there are: {string.Join(", ", AccessScopes.All)}.";
    }

    private static IEnumerable<string> Repeated(IList<ApiKeyOptions> keys) =>
        from index in Enumerable.Range(0, keys.Count)
        let first = keys.TakeWhile(key => key.Hash != keys[index].Hash).Count()
        where first < index && ApiKey.IsHash(keys[index].Hash)
        select $"{Path(index)}:Hash must not be that of {Path(first)}.";

    private static IEnumerable<string> SharedWithAnyone(AuthOptions options) =>
        from index in Enumerable.Range(0, options.AllowAnonymous ? options.Keys.Count : 0)
        where options.Keys[index].Owner == Keyless.AnonymousOwner
        select $"{Path(index)}:Owner must not be '{Keyless.AnonymousOwner}' while {AuthOptions.Section}:AllowAnonymous is on: anyone would see its tasks.";

    private static IEnumerable<string> WrongOrigins(AuthOptions options) =>
        from index in Enumerable.Range(0, options.Origins.Count)
        let origin = options.Origins[index]
        where !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin
        select $"{AuthOptions.Section}:Origins:{index} is '{origin}'; it must be an exact origin such as https://app.example.com, without a path, a closing slash or a star.";

    private static IEnumerable<string> WrongScheme(AuthOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.OwnerClaim))
            yield return $"{AuthOptions.Section}:OwnerClaim must be the type of the claim that names the owner, such as sub.";
        if (options.AllowAnonymous && !string.IsNullOrWhiteSpace(options.Scheme))
            yield return $"{AuthOptions.Section}:AllowAnonymous must be off where {AuthOptions.Section}:Scheme is set.";
    }

    private static string Path(int index) => $"{AuthOptions.Section}:Keys:{index}";
}
