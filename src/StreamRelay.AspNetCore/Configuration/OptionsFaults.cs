using Microsoft.Extensions.Configuration;

namespace StreamRelay.AspNetCore.Configuration;

/// <summary>Finds settings that the configuration binder ignores.</summary>
internal static class OptionsFaults
{
    /// <summary>The settings of a section that none of its options classes has.</summary>
    public static IEnumerable<string> Unknown(IConfigurationSection section, params IReadOnlyList<Type> options)
    {
        string[] known = [.. options.SelectMany(type => type.GetProperties()).Where(property => property.CanWrite || property.PropertyType.IsGenericType).Select(property => property.Name)];
        return section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path} is not a setting; there are: {string.Join(", ", known)}.");
    }

    /// <summary>A list that is written as one text. The binder leaves such a list empty, and an empty list of agents means all agents.</summary>
    public static IEnumerable<string> NotAList(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value) ? [] : [$"{section.Path} must be a list: {section.Path}:0, {section.Path}:1 and so on."];
}
