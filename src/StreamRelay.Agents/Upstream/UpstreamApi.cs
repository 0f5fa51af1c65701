namespace StreamRelay.Agents.Upstream;

/// <summary>The API of a server of models.</summary>
public enum UpstreamApi
{
    /// <summary>OpenAI Chat Completions: <c>POST &lt;BaseUrl&gt;/chat/completions</c>.</summary>
    Chat,

    /// <summary>OpenAI Responses: <c>POST &lt;BaseUrl&gt;/responses</c>.</summary>
    Responses,

    /// <summary>Anthropic Messages: <c>POST &lt;BaseUrl&gt;/messages</c>.</summary>
    Messages,
}
