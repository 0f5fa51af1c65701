using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StreamRelay.Agents;

/// <summary>Checks options against their attributes of DataAnnotations and <see cref="IValidatableObject"/>, those of nested objects and of the items of collections too.</summary>
internal sealed class OptionsValidation(JsonSerializerOptions json)
{
    /// <summary>What is wrong with a value that was read: each with its path, such as <c>layout.columns</c> or <c>tags[1]</c>, and the sentence of the attribute.</summary>
    public IEnumerable<OptionsFault> FindFaults(object? value, string path)
    {
        if (value is null)
            return [];

        var type = json.GetTypeInfo(value.GetType());
        return type.Kind switch
        {
            JsonTypeInfoKind.Object => FindFaults(type, value, path),
            JsonTypeInfoKind.Dictionary when value is IDictionary entries => entries.Keys.Cast<object>().SelectMany(key => FindFaults(entries[key], Join(path, $"{key}"))),
            JsonTypeInfoKind.Enumerable when value is IEnumerable items => items.Cast<object?>().SelectMany((item, index) => FindFaults(item, $"{path}[{index}]")),
            _ => [],
        };
    }

    private IEnumerable<OptionsFault> FindFaults(JsonTypeInfo type, object value, string path)
    {
        foreach (var property in type.Properties.Where(static property => property.Get is not null))
        {
            var member = property.Get!(value);
            var context = new ValidationContext(value) { MemberName = MemberName(property), DisplayName = property.Name };
            var results = property.AttributesOf<ValidationAttribute>().Select(attribute => Validate(attribute, member, context));
            var faults = ToFaults(results, _ => Join(path, property.Name));
            foreach (var fault in IsRead(property) ? faults.Concat(FindFaults(member, Join(path, property.Name))) : faults)
                yield return fault;
        }

        var whole = new ValidationContext(value);
        var ofType = type.Type.GetCustomAttributes<ValidationAttribute>(inherit: true).Select(attribute => Validate(attribute, value, whole));
        var own = (value as IValidatableObject)?.Validate(whole) ?? [];
        foreach (var fault in ToFaults(ofType.Concat(own), result => PathOf(type, path, result.MemberNames.FirstOrDefault())))
            yield return fault;
    }

    private static IEnumerable<OptionsFault> ToFaults(IEnumerable<ValidationResult?> results, Func<ValidationResult, string> path) =>
        results.OfType<ValidationResult>().Select(result => new OptionsFault(path(result), result.ErrorMessage ?? ""));

    private static ValidationResult? Validate(ValidationAttribute attribute, object? value, ValidationContext context)
    {
        if (attribute is RangeAttribute range && range.HasNumbers() && OptionRange.IsNumber(value))
            return range.Contains(value!) ? ValidationResult.Success : new(range.FormatErrorMessage(context.DisplayName));

        try
        {
            return attribute.GetValidationResult(value, context);
        }
        catch (OverflowException)
        {
            // The type that a range converts a text to cannot have it.
            return new(attribute.FormatErrorMessage(context.DisplayName));
        }
    }

    /// <summary>Whether the value of a property comes from a request. Another one is computed, and may lead back to its object.</summary>
    private static bool IsRead(JsonPropertyInfo property) =>
        property.Set is not null || property.AssociatedParameter is not null || property.ObjectCreationHandling is JsonObjectCreationHandling.Populate;

    private static string PathOf(JsonTypeInfo type, string path, string? member) => member is null
        ? path
        : Join(path, type.Properties.FirstOrDefault(property => MemberName(property) == member)?.Name ?? member);

    private static string? MemberName(JsonPropertyInfo property) => (property.AttributeProvider as MemberInfo)?.Name;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
