using System.Globalization;
using System.Text.Json;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Access;
using StreamRelay.Keys;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Endpoints.Keys;

/// <summary>Reads the body that makes a key.</summary>
internal static class NewKey
{
    private const int MostRequests = 10_000_000;
    private const int MostItems = 100;
    private const int MaxLength = 255;

    /// <exception cref="RequestException">400, naming the field that is wrong.</exception>
    public static StoredKey Read(JsonElement json, string hash, AgentRegistry agents, DateTimeOffset now)
    {
        UnknownFields.Refuse(json, "owner", "scopes", "agents", "requests_per_minute", "note", "expires_at");
        return new(
            hash, Owner(json), Items(json, "scopes", AccessScopes.All), Items(json, "agents", [.. agents.Names]), Requests(json), Short(json.OptionalText("note"), "note"), now, ExpiresAt(json, now), null);
    }

    private static string Owner(JsonElement json) => Short(json.OptionalText("owner"), "owner") switch
    {
        null or "" => throw RequestException.Invalid("'owner' is required: whose tasks the key sees.", "owner", "missing_field"),
        Keyless.LocalOwner or Keyless.AnonymousOwner => throw JsonFields.Wrong("owner", $"another name than '{Keyless.LocalOwner}' and '{Keyless.AnonymousOwner}', which stand for requests without a key"),
        var owner => owner,
    };

    private static string[] Items(JsonElement json, string name, IReadOnlyList<string> known)
    {
        if (json.Optional(name) is not { } list)
            return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MostItems)
            throw JsonFields.Wrong(name, $"a list of 1 to {MostItems} names, or absent");

        string[] items = [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? JsonFields.Text(item, name) : throw JsonFields.Wrong(name, "a list of names")).Distinct()];
        return items.FirstOrDefault(item => !known.Contains(item)) is { } unknown
            ? throw RequestException.Invalid($"'{name}' holds '{unknown}', and there are: {string.Join(", ", known)}.", name, "invalid_value")
            : items;
    }

    private static int Requests(JsonElement json) => json.Optional("requests_per_minute") is not { } value ? 0
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number is > 0 and <= MostRequests ? number
        : throw JsonFields.Wrong("requests_per_minute", $"a whole number from 1 to {MostRequests}, or absent");

    private static DateTimeOffset? ExpiresAt(JsonElement json, DateTimeOffset now) => json.OptionalText("expires_at") is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time > now ? time
        : throw JsonFields.Wrong("expires_at", "a time to come, such as 2030-01-31T00:00:00Z");

    private static string? Short(string? text, string name) => text?.Length > MaxLength ? throw JsonFields.Wrong(name, $"at most {MaxLength} characters long") : text;
}
