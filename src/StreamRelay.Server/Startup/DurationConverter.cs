using System.ComponentModel;
using System.Globalization;
using StreamRelay.AspNetCore.Configuration;

namespace StreamRelay.Server.Startup;

/// <summary>Reads durations in the configuration, as <c>15s</c>, <c>5m</c>, <c>2h</c> and <c>1d</c> and in .NET's form.</summary>
internal sealed class DurationConverter : TimeSpanConverter
{
    /// <summary>Lets the configuration binder use it, for every setting of the process.</summary>
    public static void Register() => TypeDescriptor.AddAttributes(typeof(TimeSpan), new TypeConverterAttribute(typeof(DurationConverter)));

    /// <inheritdoc/>
    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        if (value is not string text)
            return base.ConvertFrom(context, culture, value);
        if (text.Length > 0 && char.IsAsciiLetter(text[^1]) && Duration.TryParse(text, out var duration))
            return duration;

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration)
            ? duration
            : throw new FormatException("It must be a duration such as 15s, 5m, 2h or 1d, or 00:00:15.");
    }
}
