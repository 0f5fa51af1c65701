using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The configured access: the keys, and the owner of a request without one. It follows the configuration: a key that is removed from it is no longer accepted.
/// A change that is invalid, that loses the whole section, or that would serve requests without a key where none were served, leaves it as it is.</summary>
internal sealed partial class KeyRing : IDisposable
{
    private static readonly TimeSpan ExpiryCheck = TimeSpan.FromSeconds(1);

    private readonly IOptionsFactory<AuthOptions> _options;
    private readonly AuthSources _sources;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyRing> _logger;
    private readonly IDisposable _changes;
    private readonly CallerValidities _validities = new();
    private readonly ITimer _expiry;
    private KeyRingState _state;

    public KeyRing(IOptions<AuthOptions> options, IOptionsFactory<AuthOptions> factory, IConfiguration configuration, TimeProvider time, ILogger<KeyRing> logger)
    {
        _state = new(options.Value);
        OwnerClaim = options.Value.OwnerClaim;
        _options = factory;
        _sources = new(configuration);
        _time = time;
        _logger = logger;
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        _expiry = time.CreateTimer(_ => _validities.EndAll(Accepts), null, ExpiryCheck, ExpiryCheck);
    }

    /// <summary>Whether no key is configured.</summary>
    public bool IsEmpty => _state.Keys.Count == 0;

    /// <summary>The application's scheme that authenticates callers, or <see langword="null"/>.</summary>
    public string? Scheme => _state.Scheme;

    /// <summary>The type of the claim that names the owner.</summary>
    public string OwnerClaim { get; }

    /// <summary>Whether only programs on this machine are served.</summary>
    public bool IsLocalOnly => _state.IsLocalOnly;

    /// <summary>The owner of a request without a key, or <see langword="null"/> when it is refused.</summary>
    public string? KeylessOwner => _state.KeylessOwner;

    /// <summary>The web origins whose pages may call this server.</summary>
    public IReadOnlySet<string> Origins => _state.Origins;

    /// <summary>The key with this hash, or <see langword="null"/> when it is not accepted any more.</summary>
    public ApiKeyOptions? FindByHash(string hash) => _state.Keys.TryGetValue(hash, out var key) && IsValid(key) ? key : null;

    /// <summary>The validity of the key with this hash, or of <see cref="Keyless.Hash"/>.</summary>
    public ICallerValidity ValidityOf(string hash) => _validities.Find(hash);

    /// <summary>The key, or <see langword="null"/> when it is not accepted.</summary>
    public ApiKeyOptions? Find(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        ApiKeyOptions? found = null;

        // Every key is compared, and each in full, so that the time taken does not depend on the token.
        foreach (var (other, options) in _state.Hashes)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, other))
                found = options;
        }

        return found is not null && IsValid(found) ? found : null;
    }

    /// <summary>Why the request is refused while only programs on this machine are served, or <see langword="null"/>.</summary>
    public string? LoopbackViolation(HttpContext context) => IsLocalOnly ? LoopbackRules.Violation(context, Origins) : null;

    public void Dispose()
    {
        _expiry.Dispose();
        _changes.Dispose();
    }

    private bool Accepts(string hash) => hash == Keyless.Hash ? KeylessOwner is not null : FindByHash(hash) is not null;

    private bool IsValid(ApiKeyOptions key) => key.ExpiresAt is not { } end || _time.GetUtcNow() < end;

    private void Reload()
    {
        try
        {
            var next = new KeyRingState(_options.Create(Options.DefaultName));
            if (_sources.FindLost() is { } lost)
                NotReloaded($"{lost} does not hold the section any more. Restore it, or restart the server without it.");
            else if (next.Scheme != _state.Scheme)
                NotReloaded("another scheme takes effect at the next start.");
            else if (next.KeylessOwner is not null && _state.KeylessOwner is null)
                NotReloaded("it would serve requests without a key, which only a restart of the server can allow.");
            else
                Accept(next);
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            NotReloaded(exception.Message);
        }
    }

    private void Accept(KeyRingState next)
    {
        var previous = _state;
        _state = next;
        _sources.Remember();
        _validities.EndAll(hash => Accepts(hash) && next.HasSameRights(previous, hash));
    }

    [LoggerMessage(1, LogLevel.Error, "The section StreamRelay:Auth was changed and is not used; the previous one stays in force: {Reason}")]
    private partial void NotReloaded(string reason);
}
