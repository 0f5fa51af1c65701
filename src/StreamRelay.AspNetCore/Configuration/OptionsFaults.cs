using Microsoft.Extensions.Configuration;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Configuration;

/// <summary>Finds settings that the configuration binder ignores.</summary>
internal static class OptionsFaults
{
    /// <summary>The settings of a section that none of its options classes has.</summary>
    public static IEnumerable<string> Unknown(IConfigurationSection section, params IReadOnlyList<Type> options) =>
        Unknown(section, [.. options.SelectMany(Names)]);

    /// <summary>The settings that an options class has.</summary>
    public static IEnumerable<string> Names(Type options) =>
        options.GetProperties().Where(property => property.CanWrite || property.PropertyType.IsGenericType).Select(property => property.Name);

    /// <summary>The keys of a section that are not known, each with the known one that it resembles.</summary>
    public static IEnumerable<string> Unknown(IConfiguration section, IReadOnlyList<string> known) =>
        from child in section.GetChildren()
        where !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        let meant = Spelling.FindClosest(child.Key, known) is { } name ? $"did you mean {name}? There" : "there"
        select $"{child.Path} is not a setting; {meant} are: {string.Join(", ", known)}.";

    /// <summary>A list that is written as one text. The binder leaves such a list empty, and an empty list of agents means all agents.</summary>
    public static IEnumerable<string> NotAList(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value) ? [] : [$"{section.Path} must be a list: {section.Path}:0, {section.Path}:1 and so on."];
}
