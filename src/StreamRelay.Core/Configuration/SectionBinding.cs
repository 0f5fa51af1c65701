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
        return options.Configure<IConfiguration>((target, configuration) => WithDurations(configuration.GetSection(section), typeof(TOptions)).Bind(target));
    }

    // The binder reads durations through a converter of the whole process, so it gets them in the form that it knows.
    private static IConfigurationSection WithDurations(IConfigurationSection section, Type options)
    {
        KeyValuePair<string, string?>[] durations = [.. Durations(section, options)];
        return durations.Length == 0
            ? section
            : new ConfigurationBuilder().AddInMemoryCollection(section.AsEnumerable().Where(static setting => setting.Value is not null)).AddInMemoryCollection(durations).Build().GetSection(section.Path);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Durations(IConfigurationSection section, Type options) =>
        from property in options.GetProperties()
        where (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(TimeSpan)
        let setting = section.GetSection(property.Name)
        where !string.IsNullOrEmpty(setting.Value) && !TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out _)
        select KeyValuePair.Create(setting.Path, (string?)Read(setting).ToString("c", CultureInfo.InvariantCulture));

    private static TimeSpan Read(IConfigurationSection setting) =>
        char.IsAsciiLetter(setting.Value![^1]) && Duration.TryParse(setting.Value, out var duration)
            ? duration
            : throw new InvalidOperationException($"{setting.Path} is '{setting.Value}'. It must be a duration such as 15s, 5m, 2h or 1d, or 00:00:15.");
}
