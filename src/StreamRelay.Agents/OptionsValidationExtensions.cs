using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StreamRelay.Agents;

/// <summary>Validates options; an error message begins with the configuration key of the invalid value.</summary>
public static class OptionsValidationExtensions
{
    /// <summary>Validates the options by their data annotations, and their enumeration values by the defined names.</summary>
    /// <param name="options">The options.</param>
    /// <param name="section">The section that the options are bound to.</param>
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
            string[] faults = [.. results.Select(Fault), .. UndefinedValues(given)];
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }

        private string Fault(ValidationResult result) =>
            result.MemberNames.FirstOrDefault() is { } member ? $"{section}:{member}: {result.ErrorMessage}" : result.ErrorMessage!;

        // The configuration binder accepts any number as a value of an enumeration.
        private IEnumerable<string> UndefinedValues(TOptions given) =>
            from property in typeof(TOptions).GetProperties()
            let type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType
            where type.IsEnum && property.GetValue(given) is { } value && !Enum.IsDefined(type, value)
            select $"{section}:{property.Name} must be one of {string.Join(", ", Enum.GetNames(type))}.";
    }
}
