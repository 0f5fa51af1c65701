using Microsoft.AspNetCore.Http;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Refuses to serve other machines by oversight.</summary>
public static class AccessGuard
{
    /// <summary>Passes when every address is this machine's alone, or access has been configured.</summary>
    /// <param name="addresses">Addresses to listen on, such as <c>http://127.0.0.1:7860</c>.</param>
    /// <param name="options">Who may use the server.</param>
    /// <exception cref="InvalidOperationException">Other machines could reach an address, and there is neither a key nor
    /// <see cref="AuthOptions.AllowAnonymous"/>; the message says the way out.</exception>
    public static void Check(IEnumerable<string> addresses, AuthOptions options)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Keys.Count == 0 && !options.AllowAnonymous && addresses.FirstOrDefault(IsReachable) is { } open)
            throw new InvalidOperationException(AccessErrors.OpenToAnyone(open));
    }

    private static bool IsReachable(string address)
    {
        var binding = BindingAddress.Parse(address);
        return !binding.IsUnixPipe && !binding.IsNamedPipe && !LoopbackRules.IsLoopback(binding.Host);
    }
}
