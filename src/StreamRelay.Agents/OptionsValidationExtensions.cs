using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents;

/// <summary>Checks options so that a mistake is named by the key it was made in.</summary>
public static class OptionsValidationExtensions
{
    /// <summary>Checks the ranges of the options, and that a value of an enumeration is one of its names.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">The section they are bound to.</param>
    public static OptionsBuilder<TOptions> ValidateOptions<TOptions>(this OptionsBuilder<TOptions> options, string section)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Services.AddSingleton<IValidateOptions<TOptions>>(new Validator<TOptions>(options.Name, section));
        return options;
    }

    private sealed class Validator<TOptions>(string options, string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions given)
        {
            if (name != options)
                return ValidateOptionsResult.Skip;

            List<ValidationResult> results = [];
            Validator.TryValidateObject(given, new(given), results, validateAllProperties: true);
            string[] faults = [.. results.Select(Fault), .. NotNamed(given)];
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private string Fault(ValidationResult result) =>
            result.MemberNames.FirstOrDefault() is { } member ? $"{section}:{member}: {result.ErrorMessage}" : result.ErrorMessage!;

        // The binder takes any number for an enumeration.
        private IEnumerable<string> NotNamed(TOptions given) =>
            from property in typeof(TOptions).GetProperties()
            let type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
            where type.IsEnum && property.GetValue(given) is { } value && !Enum.IsDefined(type, value)
            select $"{section}:{property.Name} must be one of {string.Join(", ", Enum.GetNames(type))}.";
    }
}
