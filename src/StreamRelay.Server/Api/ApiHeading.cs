using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace StreamRelay.Server.Api;

/// <summary>Says in the document what the server is, where it is and how its routes are grouped.</summary>
internal static class ApiHeading
{
    private static readonly Dictionary<string, string> Groups = new()
    {
        ["Tasks"] = "Start agents, read, stop and delete their tasks, and push events of agents that run elsewhere.",
        ["Files"] = "What tasks made.",
        ["Tickets"] = "Access for clients that cannot send a header.",
        ["OpenAI"] = "The API of OpenAI: Chat Completions, Responses, Conversations and Models.",
        ["Anthropic"] = "The API of Anthropic: Messages.",
        ["AI SDK"] = "The transport of the AI SDK's chat.",
        ["AG-UI"] = "The protocol of AG-UI clients.",
        ["Limits"] = "What the caller may use.",
        ["Keys"] = "API keys, for administrators.",
        ["Health"] = "For load balancers and monitoring.",
    };

    public static Task AddAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StreamRelay",
            Version = "v1",
            Description = "Run an agent once; read it in any supported protocol, disconnect, resume and lose nothing.",
        };
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
            tag.Description = Groups.GetValueOrDefault(tag.Name ?? "");

        foreach (var server in document.Servers ?? [])
            server.Url = server.Url?.TrimEnd('/');

        return Task.CompletedTask;
    }
}
