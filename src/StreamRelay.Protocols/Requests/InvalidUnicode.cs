using System.Text.Json;

namespace StreamRelay.Protocols.Requests;

/// <summary>Finds half surrogate pairs: JSON can write one (<c>"\ud800"</c>), but no text can hold it, and a task that kept one could not be shown.</summary>
public static class InvalidUnicode
{
    private const string Unnamed = "body";

    /// <summary>Searches all texts and names of a valid JSON value.</summary>
    /// <returns>The field of the outermost object that holds invalid text; <see langword="null"/> when there is none.</returns>
    public static string? Find(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
            return null;

        var reader = new Utf8JsonReader(json);
        var field = Unnamed;
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
                continue;

            var isField = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1;
            if (!reader.ValueIsEscaped && !isField)
                continue;
            if (Text(ref reader) is not { } text)
                return isField ? Unnamed : field;
            if (isField)
                field = text;
        }

        return null;
    }

    /// <summary>The error for a field that <see cref="Find"/> found.</summary>
    public static RequestException In(string field) => RequestException.Invalid($"'{field}' holds text that is not valid Unicode.", field, "invalid_text");

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
