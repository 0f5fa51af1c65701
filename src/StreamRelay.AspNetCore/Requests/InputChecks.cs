using Microsoft.AspNetCore.Http;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.AspNetCore.Requests;

/// <summary>Asks an agent about the input of a task before the task starts.</summary>
internal static class InputChecks
{
    private const string DroppedHeader = "X-StreamRelay-Dropped";

    /// <summary>Checks the options of a request against those that its agent takes.</summary>
    /// <exception cref="RequestException">400, naming the field.</exception>
    public static void CheckOptions(this AgentDefinition? agent, HttpContext context, TaskRequestDraft draft)
    {
        if (agent?.OptionsType?.Check(draft.Metadata) is not { } fault)
            return;

        var field = fault.Field.Length == 0 ? draft.MetadataName : $"{draft.MetadataName}.{fault.Field}";
        throw RequestException.Invalid($"'{field}' {fault.Message}. GET {BasePath.Of(context)}/v1/models/{draft.Agent} has the options of the agent.", field, "invalid_options");
    }

    /// <summary>Names the fields that the agent drops in a header of the response, where <paramref name="translation"/> allows to drop them.</summary>
    /// <exception cref="RequestException">400: the agent cannot use the input, or cannot pass on a field of it.</exception>
    public static async ValueTask CheckAsync(this IAgentRunner? runner, HttpContext context, TaskRequestDraft draft, Translation translation)
    {
        if (runner is not IInputCheck agent)
            return;

        var report = await agent.CheckAsync(draft.Input, context.RequestAborted);
        if (report.Fault is { } fault)
            throw RequestException.Invalid($"'{draft.InputName}' {fault.Message}.", draft.InputName, fault.Code);
        if (report.Dropped.Count == 0)
            return;
        if (translation == Translation.Strict)
            throw Untranslatable(draft.Agent, report.Dropped);

        context.Response.Headers[DroppedHeader] = string.Join(", ", report.Dropped.Select(ToHeader));
    }

    private static RequestException Untranslatable(string agent, IReadOnlyList<string> fields) => RequestException.Invalid(
        $"Agent '{agent}' cannot pass on {string.Join(", ", fields.Select(field => $"'{field}'"))}. "
        + "Leave it out, or set StreamRelay:Translation to Lenient to have it dropped.",
        fields[0], "untranslatable_field");

    private static string ToHeader(string field) => field.All(static character => char.IsAsciiLetterOrDigit(character) || "_-.[]".Contains(character))
        ? field
        : Uri.EscapeDataString(field);
}
