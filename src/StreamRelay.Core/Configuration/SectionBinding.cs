using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StreamRelay.Configuration;

/// <summary>Binds options to the sections of StreamRelay.</summary>
public static class SectionBinding
{
    /// <summary>Binds the options to a section, and to its changes. A duration is a number with a unit, such as <c>15s</c>, <c>5m</c>, <c>2h</c> and <c>1d</c>, or has .NET's form.
    /// Settings of the application, which it binds itself, keep the forms that they have.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">The path of the section.</param>
    public static OptionsBuilder<TOptions> BindSection<TOptions>(this OptionsBuilder<TOptions> options, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Services.AddSingleton<IOptionsChangeTokenSource<TOptions>>(services =>
            new ConfigurationChangeTokenSource<TOptions>(options.Name, services.GetRequiredService<IConfiguration>()));
        return options.Configure<IConfiguration>((target, configuration) => Bind(configuration, section, target));
    }

    private static void Bind(IConfiguration configuration, string section, object options)
    {
        // The binder reads durations through a converter of the whole process, so it gets ours in its own form.
        using var root = (ConfigurationRoot)new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection(Durations(configuration.GetSection(section), options.GetType())).Build();
        root.GetSection(section).Bind(options);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Durations(IConfigurationSection section, Type options) =>
        from property in options.GetProperties()
        where (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan)
        let setting = section.GetSection(property.Name)
        where !string.IsNullOrEmpty(setting.Value)
        select KeyValuePair.Create(setting.Path, (string?)Read(setting).ToString("c", CultureInfo.InvariantCulture));

    private static TimeSpan Read(IConfigurationSection setting)
    {
        var text = setting.Value!;
        return (char.IsAsciiLetter(text[^1]) && Duration.TryParse(text, out var duration)) || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration)
            ? duration
            : throw new InvalidOperationException($"{setting.Path} is '{text}'. It must be a duration such as 15s, 5m, 2h or 1d, or 00:00:15.");
    }
}
