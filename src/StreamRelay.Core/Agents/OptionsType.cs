using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using StreamRelay.Events;

namespace StreamRelay.Agents;

/// <summary>The options that an agent takes: a type, its JSON schema, and the check of what a request has. Names are in snake case; numbers, flags and names of
/// enumerations may be strings, because the metadata of OpenAI's clients has strings only. An attribute of DataAnnotations is checked too.</summary>
public sealed class OptionsType
{
    private static readonly JsonSerializerOptions Json = CreateOptions();

    private readonly JsonTypeInfo _type;

    private OptionsType(Type type)
    {
        _type = Json.GetTypeInfo(type);
        Schema = OptionsSchema.Create(type, Json);
    }

    /// <summary>The JSON schema (2020-12) of the options.</summary>
    public JsonElement Schema { get; }

    /// <summary>The options of a type.</summary>
    public static OptionsType Of<TOptions>()
        where TOptions : class => Cached<TOptions>.Type;

    /// <summary>Checks the options of a request.</summary>
    /// <param name="options">A UTF-8 JSON object, or empty for one without fields.</param>
    /// <returns><see langword="null"/> when the agent can be run with them.</returns>
    public OptionsFault? Check(ReadOnlyMemory<byte> options) => TryRead(options, out _, out var fault) ? null : fault;

    /// <summary>Reads the options of a request.</summary>
    /// <exception cref="AgentException">They are wrong; the code is <c>invalid_options</c>.</exception>
    internal object Read(ReadOnlyMemory<byte> options) => TryRead(options, out var value, out var fault)
        ? value
        : throw new AgentException("invalid_options", $"The {(fault.Field.Length == 0 ? "options" : $"option '{fault.Field}'")} {fault.Message}.");

    private bool TryRead(ReadOnlyMemory<byte> options, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out OptionsFault? fault)
    {
        var json = options.IsEmpty ? JsonElement.Parse("{}"u8) : JsonElement.Parse(options.Span);
        value = null;
        fault = FindFault(json);
        if (fault is not null)
            return false;

        try
        {
            value = json.Deserialize(_type);
        }
        catch (JsonException exception)
        {
            fault = FormFault(exception.Path?.TrimStart('$').TrimStart('.') ?? "");
            return false;
        }

        fault = FindFault(value!);
        return fault is null;
    }

    private OptionsFault? FindFault(JsonElement json)
    {
        var unknown = TakesOthers ? null : json.EnumerateObject().Select(static field => field.Name).FirstOrDefault(name => _type.Properties.All(property => property.Name != name));
        if (unknown is not null)
            return new(unknown, $"is none of the agent's options, which are {string.Join(", ", _type.Properties.Select(static property => property.Name))}");

        var missing = _type.Properties.FirstOrDefault(property => property.IsRequired && !json.TryGetProperty(property.Name, out _));
        return missing is null ? null : new(missing.Name, $"is required: {Form(missing.Name)}");
    }

    private OptionsFault? FindFault(object value)
    {
        List<ValidationResult> results = [];
        if (Validator.TryValidateObject(value, new(value), results, validateAllProperties: true))
            return null;

        var member = results[0].MemberNames.FirstOrDefault() is { } name ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name) : "";
        return FormFault(member);
    }

    private bool TakesOthers => _type.UnmappedMemberHandling is JsonUnmappedMemberHandling.Skip || _type.Properties.Any(static property => property.IsExtensionData);

    private OptionsFault FormFault(string field) => new(field, $"must have this form: {Form(field.Split('.', '[')[0])}");

    private string Form(string field) => (Schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(field, out var form) ? form : Schema).GetRawText();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = JsonDepth.Max,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new FlagConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }

    private static class Cached<TOptions>
    {
        public static readonly OptionsType Type = new(typeof(TOptions));
    }
}
