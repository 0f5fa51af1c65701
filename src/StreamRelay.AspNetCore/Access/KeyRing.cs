using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using StreamRelay.Keys;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The access: the keys of the configuration and of the store, and the owner of a request without one. It follows both: a key that is removed is no longer accepted.
/// A change that is invalid, that loses the whole section, or that would serve requests without a key where none were served, leaves it as it is.</summary>
internal sealed partial class KeyRing : IDisposable
{
    private static readonly TimeSpan ExpiryCheck = TimeSpan.FromSeconds(1);

    private readonly IOptionsFactory<AuthOptions> _options;
    private readonly AuthSources _sources;
    private readonly KeyUses _uses;
    private readonly TimeProvider _time;
    private readonly ILogger<KeyRing> _logger;
    private readonly IDisposable _changes;
    private readonly CallerValidities _validities = new();
    private readonly ITimer _expiry;
    private readonly Lock _gate = new();
    private volatile KeyRingState _state;

    public KeyRing(IOptions<AuthOptions> options, IOptionsFactory<AuthOptions> factory, IConfiguration configuration, KeyUses uses, TimeProvider time, ILogger<KeyRing> logger)
    {
        _state = new(options.Value, []);
        OwnerClaim = options.Value.OwnerClaim;
        _options = factory;
        _sources = new(configuration);
        _uses = uses;
        _time = time;
        _logger = logger;
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        _expiry = time.CreateTimer(_ => _validities.EndAll(Accepts), null, ExpiryCheck, ExpiryCheck);
    }

    /// <summary>Whether there is no key.</summary>
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

    /// <summary>The key with this id, or <see langword="null"/> when it is not accepted any more.</summary>
    public ApiKeyOptions? FindById(string id) => _state.KeysById.TryGetValue(id, out var key) && IsValid(key) ? key : null;

    /// <summary>The validity of the key with this id, or of <see cref="Keyless.Id"/>.</summary>
    public ICallerValidity ValidityOf(string id) => _validities.Find(id);

    /// <summary>The key, or <see langword="null"/> when it is not accepted.</summary>
    public ApiKeyOptions? Find(string key)
    {
        // The hash is looked up and not the key: what the time of a lookup reveals about a hash leads to no key.
        if (!_state.Keys.TryGetValue(ApiKey.Hash(key), out var found) || !IsValid(found))
            return null;

        _uses.Record(found.Hash);
        return found;
    }

    /// <summary>Takes the keys of the store into use.</summary>
    public void Use(IReadOnlyList<StoredKey> stored)
    {
        lock (_gate)
        {
            Accept(new(_state.Options, stored));
        }
    }

    /// <summary>Why the request is refused while only programs on this machine are served, or <see langword="null"/>.</summary>
    public string? LoopbackViolation(HttpContext context) => IsLocalOnly ? LoopbackRules.Violation(context, Origins) : null;

    public void Dispose()
    {
        _expiry.Dispose();
        _changes.Dispose();
    }

    private bool Accepts(string id) => id == Keyless.Id ? KeylessOwner is not null : FindById(id) is not null;

    private bool IsValid(ApiKeyOptions key) => key.ExpiresAt is not { } end || _time.GetUtcNow() < end;

    private void Reload()
    {
        lock (_gate)
        {
            try
            {
                if (_sources.FindLost() is { } lost)
                    NotReloaded($"{lost} does not hold the section any more. Restore it, or restart the server without it.");
                else if (Accept(new(_options.Create(Options.DefaultName), _state.Stored)))
                    _sources.Remember();
            }
            catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
            {
                NotReloaded(exception.Message);
            }
        }
    }

    /// <returns>Whether the state is in use.</returns>
    private bool Accept(KeyRingState next)
    {
        var previous = _state;
        if (next.Scheme != previous.Scheme)
            NotReloaded("another scheme takes effect at the next start.");
        else if (next.KeylessOwner is not null && previous.KeylessOwner is null)
            NotReloaded("it would serve requests without a key, which only a restart of the server can allow.");
        else
            _state = next;

        _validities.EndAll(id => Accepts(id) && _state.HasSameRights(previous, id));
        return _state == next;
    }

    [LoggerMessage(1, LogLevel.Error, "The section StreamRelay:Auth was changed and is not used; the previous one stays in force: {Reason}")]
    private partial void NotReloaded(string reason);
}
