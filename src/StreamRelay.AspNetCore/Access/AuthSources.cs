using Microsoft.Extensions.Configuration;

namespace StreamRelay.AspNetCore.Access;

/// <summary>The sources of the configuration that hold the section <c>StreamRelay:Auth</c>. A file that is moved, emptied or cannot be parsed leaves its source empty,
/// and would take the limits of keys with it.</summary>
internal sealed class AuthSources
{
    private readonly IConfigurationRoot? _configuration;
    private IConfigurationProvider[] _holders = [];

    public AuthSources(IConfiguration configuration)
    {
        _configuration = configuration as IConfigurationRoot;
        Remember();
    }

    /// <summary>Takes the sources that hold the section now as those that must hold it.</summary>
    public void Remember() => _holders = [.. _configuration?.Providers.Where(HoldsSection) ?? []];

    /// <summary>A source that held the section and does not any more, or <see langword="null"/>.</summary>
    public string? FindLost() => _holders.FirstOrDefault(static source => !HoldsSection(source))?.ToString();

    private static bool HoldsSection(IConfigurationProvider source) => source.GetChildKeys([], AuthOptions.Section).Any();
}
