using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using StreamRelay.Agents;
using StreamRelay.Agents.Process;
using StreamRelay.Agents.Push;
using StreamRelay.Agents.Upstream;

namespace StreamRelay.Docs.Reference;

/// <summary>The settings that the options classes define.</summary>
internal static class SettingReflection
{
    private const string SectionField = "Section";
    private const string AgentSection = "StreamRelay:Agents:<name>";

    private static readonly Type[] OfAgents = [typeof(AgentOptions), typeof(ProcessOptions), typeof(PushOptions), typeof(UpstreamOptions)];

    /// <summary>Options classes of the product: those that name their section, with it, and those of agents.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        .. from type in ProductTypes()
           let section = type.GetField(SectionField, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() as string
           where type.Name.EndsWith("Options", StringComparison.Ordinal) && section is not null
           select (section, type),
        .. OfAgents.Select(type => (AgentSection, type)),
    ];

    /// <summary>Types called options that configuration could be bound to, and that belong to no section and are no part of other options.</summary>
    public static IEnumerable<Type> WithoutSection =>
        ProductTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetProperties().Any(IsSettable)
            && Sections.All(section => section.Options != type && !ElementTypes(section.Options).Contains(type)));

    public static IEnumerable<Setting> Read() => Sections.SelectMany(section => Read(section.Section, section.Options)).DistinctBy(setting => setting.Key);

    private static IEnumerable<Type> ProductTypes() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "StreamRelay.*.dll")
            .Where(file => Directory.Exists(Path.Combine(Pages.Repository.Root, "src", Path.GetFileNameWithoutExtension(file))))
            .SelectMany(file => Assembly.LoadFrom(file).GetTypes());

    private static IEnumerable<Setting> Read(string section, Type options)
    {
        var defaults = Activator.CreateInstance(options)!;
        return options.GetProperties().Where(property => property.CanWrite || property.PropertyType.IsGenericType)
            .SelectMany(property => Read(Key(section, options, property), property, defaults));
    }

    private static IEnumerable<Setting> Read(string key, PropertyInfo property, object defaults) => ElementType(property.PropertyType) switch
    {
        null => [new(key, Format(property.GetValue(defaults)), Range(property))],
        { } element when element == typeof(string) => [new(key + (property.PropertyType.Name.StartsWith("IDictionary", StringComparison.Ordinal) ? ":<NAME>" : ":0"), "none", "")],
        { } element => Read($"{key}:0", element),
    };

    // An options class names a key that is not below its section in a constant, such as StorageOptions.DataPathKey.
    private static string Key(string section, Type options, PropertyInfo property) =>
        options.GetField($"{property.Name}Key")?.GetRawConstantValue() as string ?? $"{section}:{property.Name}";

    private static IEnumerable<Type> ElementTypes(Type options) => options.GetProperties().Select(property => ElementType(property.PropertyType)).OfType<Type>();

    private static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetInterfaces().Any(other => other.Name == "IEnumerable") && type != typeof(string) ? type.GetGenericArguments()[^1] : null;

    private static bool IsSettable(PropertyInfo property) => property.SetMethod is { } setter && setter.ReturnParameter.GetRequiredCustomModifiers().Length == 0;

    private static string Range(PropertyInfo property) => property.GetCustomAttribute<RangeAttribute>() switch
    {
        { OperandType: { } type } range when type == typeof(TimeSpan) => $"{Span(range.Minimum)} to {Span(range.Maximum)}",
        { } range when Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) is int.MaxValue or >= long.MaxValue => Format(range.Minimum),
        { } range => $"{Format(range.Minimum)} to {Format(range.Maximum)}",
        null when (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is { IsEnum: true } type => string.Join(" to ", Enum.GetNames(type)),
        null => "",
    };

    private static string Span(object text) => Format(TimeSpan.Parse((string)text, CultureInfo.InvariantCulture));

    private static string Format(object? value) => value switch
    {
        null or "" => "none",
        bool truth => truth ? "true" : "false",
        TimeSpan { Ticks: var ticks } span => span.ToString(ticks % TimeSpan.TicksPerSecond == 0 ? "c" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
