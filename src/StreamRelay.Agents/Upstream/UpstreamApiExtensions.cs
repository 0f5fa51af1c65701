using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Chat;
using StreamRelay.Agents.Upstream.Messages;
using StreamRelay.Agents.Upstream.Requests;
using StreamRelay.Agents.Upstream.Responses;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Upstream;

/// <summary>What differs between the APIs: the address, the form of a request, and the form of an answer.</summary>
internal static class UpstreamApiExtensions
{
    /// <summary>The address that requests are sent to.</summary>
    public static Uri Address(this UpstreamApi api, UpstreamOptions options)
    {
        var path = api switch
        {
            UpstreamApi.Responses => "responses",
            UpstreamApi.Messages => "messages",
            _ => "chat/completions",
        };
        var query = string.Join('&', options.Query.Select(static field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        return new($"{options.BaseUrl.TrimEnd('/')}/{path}{(query.Length > 0 ? "?" : "")}{query}");
    }

    /// <summary>Writes the request for the input of a task.</summary>
    public static UpstreamRequest Write(this UpstreamApi api, TaskInput input, UpstreamOptions options) => api switch
    {
        UpstreamApi.Responses => ResponsesRequestWriter.Write(input, options.Model),
        UpstreamApi.Messages => MessagesRequestWriter.Write(input, options.Model, options.MaxTokens),
        _ => ChatRequestWriter.Write(input, options.Model),
    };

    /// <summary>Creates the reader of an answer.</summary>
    public static AnswerReader CreateReader(this UpstreamApi api, AnswerRelay relay, UpstreamSecrets secrets) => api switch
    {
        UpstreamApi.Responses => new ResponsesAnswerReader(relay, secrets),
        UpstreamApi.Messages => new MessagesAnswerReader(relay, secrets),
        _ => new ChatAnswerReader(relay, secrets),
    };
}
