using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using StreamRelay.Events;

namespace StreamRelay.Agents;

/// <summary>The options that an agent takes: a type, its JSON schema, and the check of what a request has. Names are in snake case; numbers, flags and names of
/// enumerations may be strings, because the metadata of OpenAI's clients has strings only. The attributes of DataAnnotations and <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/> are
/// checked too, also on the parameters of a positional record, in nested objects and in collections.</summary>
public sealed class OptionsType
{
    private static readonly JsonSerializerOptions Json = CreateOptions();
    private static readonly OptionsValidation Validation = new(Json);
    private static readonly ConcurrentDictionary<Type, OptionsType> Types = [];

    private readonly JsonTypeInfo _type;

    private OptionsType(Type type)
    {
        _type = Json.GetTypeInfo(type);
        if (_type.Kind is not JsonTypeInfoKind.Object || (type.IsAbstract && _type.PolymorphismOptions is null))
            throw new ArgumentException($"{type} cannot be the options of an agent; they are a class or a record with a property for each option.", nameof(type));

        Schema = OptionsSchema.Create(type, Json);
    }

    /// <summary>The JSON schema (2020-12) of the options.</summary>
    public JsonElement Schema { get; }

    /// <summary>The options of a type: a class or a record with a property for each option. An abstract one has <see cref="JsonDerivedTypeAttribute"/>s.</summary>
    /// <exception cref="ArgumentException">The type is another one, such as a dictionary or an interface.</exception>
    public static OptionsType Of<TOptions>()
        where TOptions : class => Types.GetOrAdd(typeof(TOptions), static type => new(type));

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
            value = json.Deserialize(_type)!;
        }
        catch (Exception exception) when (ToFault(exception) is { } found)
        {
            fault = found;
            return false;
        }

        fault = Validation.FindFaults(value, "").FirstOrDefault() is { } wrong ? FormFault(wrong.Field, wrong.Message) : null;
        return fault is null;
    }

    /// <summary>What a constructor or a property of the options refuses with an exception is a fault too. Any other exception is an error of the agent.</summary>
    private OptionsFault? ToFault(Exception exception) => exception switch
    {
        JsonException json => FormFault(json.Path?.TrimStart('$').TrimStart('.') ?? ""),
        ArgumentException argument => FormFault(FieldOf(argument), argument.Message),
        FormatException or OverflowException => FormFault("", exception.Message),

        // An abstract type without the name of one that is derived from it.
        NotSupportedException => FormFault(""),
        _ => null,
    };

    private string FieldOf(ArgumentException exception) =>
        _type.Properties.FirstOrDefault(property => property.AssociatedParameter is { } parameter && parameter.Name == exception.ParamName)?.Name ?? "";

    private OptionsFault? FindFault(JsonElement json)
    {
        var unknown = TakesOthers ? null : json.EnumerateObject().Select(static field => field.Name).FirstOrDefault(name => _type.Properties.All(property => property.Name != name));
        if (unknown is not null)
            return new(unknown, $"is none of the agent's options, which are {string.Join(", ", _type.Properties.Select(static property => property.Name))}");

        var missing = _type.Properties.FirstOrDefault(property => property.IsRequired && !json.TryGetProperty(property.Name, out _));
        return missing is null ? null : new(missing.Name, $"is required: {Form(missing.Name)}");
    }

    /// <summary>Whether an unknown field is no fault, or is for the serializer to find: which fields there are depends on the type that is derived.</summary>
    private bool TakesOthers => _type.PolymorphismOptions is not null
        || _type.UnmappedMemberHandling is JsonUnmappedMemberHandling.Skip
        || _type.Properties.Any(static property => property.IsExtensionData);

    private OptionsFault FormFault(string field, string because = "") =>
        new(field, $"must have this form: {Form(field.Split('.', '[')[0])}. {because.ReplaceLineEndings(" ")}".TrimEnd('.', ' '));

    private string Form(string field) => (Schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(field, out var form) ? form : Schema).GetRawText();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = JsonDepth.Max,
            AllowOutOfOrderMetadataProperties = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new FlagConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
