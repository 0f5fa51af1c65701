using System.Text.Json.Serialization.Metadata;

namespace StreamRelay.Agents;

/// <summary>The attributes of the members of options.</summary>
internal static class OptionAttributes
{
    /// <summary>The attributes of a property, and those of the parameter that it comes from: an attribute in a positional record is the parameter's.</summary>
    public static IEnumerable<T> AttributesOf<T>(this JsonPropertyInfo property)
        where T : Attribute =>
        new[] { property.AttributeProvider, property.AssociatedParameter?.AttributeProvider }
            .SelectMany(static source => source?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>() ?? []);
}
