using System.Text;
using System.Text.Json;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>A piece of a tool call.</summary>
/// <param name="Id">The id, or <see langword="null"/>.</param>
/// <param name="Index">The index, or <see langword="null"/>.</param>
/// <param name="Name">The name of the tool, or <see langword="null"/>.</param>
/// <param name="Arguments">The piece of the arguments: JSON text; may be empty.</param>
/// <param name="Extra">Fields that no protocol has, such as signatures: a JSON object, or empty.</param>
internal readonly record struct AnswerToolPiece(string? Id, string? Index, string? Name, string Arguments, ReadOnlyMemory<byte> Extra)
{
    /// <summary>Whether the tool takes any text instead of JSON.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Reads <c>tool_calls</c>. Where several calls in one list have neither id nor index, their order separates them.</summary>
    /// <exception cref="AgentException">It is not a list of calls.</exception>
    public static IEnumerable<AnswerToolPiece> ReadAll(JsonElement calls)
    {
        if (calls.ValueKind == JsonValueKind.Object)
            return [Read(calls)];
        if (calls.ValueKind != JsonValueKind.Array)
            throw AnswerFault.Field("tool_calls", calls.ValueKind);

        var isOne = calls.GetArrayLength() == 1;
        return calls.EnumerateArray().Select(Read).Select((piece, order) => isOne || piece.Id is not null ? piece : piece with { Index = piece.Index ?? $"{order}" });
    }

    /// <summary>Reads an element of <c>tool_calls</c>, or the value of <c>function_call</c>.</summary>
    /// <remarks>Some servers leave <c>function</c> away, or give the arguments as an object.</remarks>
    /// <exception cref="AgentException">It is not a call of a function.</exception>
    public static AnswerToolPiece Read(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Field("tool_calls", call.ValueKind);

        if (call.Find("custom", JsonValueKind.Object) is { } custom)
            return new(call.FindText("id"), call.FindText("index"), custom.FindText("name"), ReadArguments(custom.Find("input")), AnswerExtras.OfCustomCall(call)) { IsCustom = true };

        var function = call.FindContent("function") ?? call;
        if (function.ValueKind != JsonValueKind.Object)
            throw AnswerFault.Field("function", function.ValueKind);

        var arguments = ReadArguments(function.Find("arguments"));
        return new(call.FindText("id"), call.FindText("index"), function.FindText("name"), arguments, AnswerExtras.OfCall(call, function));
    }

    /// <summary>Whether two arguments are the same JSON, or the same text.</summary>
    public static bool IsSame(string first, string second)
    {
        try
        {
            return AnswerText.IsSame(first, second) || JsonElement.DeepEquals(JsonElement.Parse(first, JsonDepth.Document), JsonElement.Parse(second, JsonDepth.Document));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads arguments: JSON text, or a JSON value.</summary>
    public static string ReadArguments(JsonElement? arguments) => arguments switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => AnswerText.Read(text),
        { } json => Encoding.UTF8.GetString(AnswerValues.Encode(json).Span),
    };
}
