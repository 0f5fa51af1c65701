using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>An error that a server reports, in any of the shapes that servers use.</summary>
/// <param name="Message">What the server says; may hold secrets.</param>
/// <param name="Code">Its code, or <see langword="null"/>.</param>
internal sealed partial record UpstreamError(string Message, string? Code)
{
    private const string NoReason = "no reason given";
    private const int MaxMessageLength = 500;

    private static readonly string[] Messages = ["message", "msg", "detail", "error_description", "reason", "error"];
    private static readonly string[] Codes = ["code", "type", "status"];

    /// <summary>The error in a body or a frame, or <see langword="null"/> when there is none.</summary>
    public static UpstreamError? Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Array)
            return json.GetArrayLength() > 0 ? Read(json[0]) : null;
        if (json.Find("error") is { ValueKind: not JsonValueKind.False } error && !error.IsEmpty())
            return error.ValueKind is JsonValueKind.Object or JsonValueKind.String ? Describe(error) : Describe(json);
        if (json.Find("errors", JsonValueKind.Array) is { } errors && errors.GetArrayLength() > 0)
            return Describe(errors[0]);

        var isError = json.FindText("object") == "error" || json.FindText("type") == "error" || (json.Find("choices") is null && Text(json, Messages) is not null);
        return isError ? Describe(json) : null;
    }

    /// <summary>The error in data that is known to be one.</summary>
    public static UpstreamError Describe(JsonElement json)
    {
        var inner = json.Find("error") is { } error && !error.IsEmpty() ? error : json;
        if (inner.ValueKind == JsonValueKind.String)
            return new(AnswerText.Read(inner), Text(json, Codes));
        if (inner.Find("error", JsonValueKind.Object) is { } nested)
            return Describe(nested);

        return new(Text(inner, Messages) ?? NoReason, Text(inner, Codes) is { } code and not "error" ? code : null);
    }

    /// <summary>The failure of the task: the message without secrets, and the code if it looks like one.</summary>
    /// <param name="secrets">What the message may not show.</param>
    public AgentException ToException(UpstreamSecrets secrets) =>
        new(Code is { } code && CodeForm().IsMatch(code) ? code : "upstream_failed", SafeMessage(secrets));

    /// <summary>The message without secrets, shortened.</summary>
    public string SafeMessage(UpstreamSecrets secrets)
    {
        var message = secrets.Remove(Message.Trim());
        return message.Length == 0 ? NoReason : message.Length > MaxMessageLength ? message[..MaxMessageLength] : message;
    }

    private static string? Text(JsonElement json, string[] names) => names.Select(name => json.Find(name) switch
    {
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 0 => Text(list[0], Messages),
        _ => json.FindText(name),
    }).FirstOrDefault(text => text is not null);

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z")]
    private static partial Regex CodeForm();
}
