using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Refuses fields of the server's own bodies that it does not read, because what they say would be lost.</summary>
public static class UnknownFields
{
    /// <summary>Checks the names of an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="known">The names that it can have.</param>
    /// <exception cref="RequestException">400, naming the field and the one that was probably meant.</exception>
    public static void Refuse(JsonElement json, params string[] known)
    {
        foreach (var field in json.EnumerateObject())
        {
            if (!known.Contains(field.Name))
                throw Unknown(field.Name, known);
        }
    }

    private static RequestException Unknown(string name, string[] known) => RequestException.Invalid(
        $"There is no field '{name}'{(Spelling.FindClosest(name, known) is { } meant ? $"; did you mean '{meant}'?" : $". Fields: {string.Join(", ", known)}.")}", name, "unknown_field");
}
