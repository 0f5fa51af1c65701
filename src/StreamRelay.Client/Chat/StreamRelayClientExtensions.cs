using StreamRelay.Client;
using StreamRelay.Client.Chat;

namespace Microsoft.Extensions.AI;

/// <summary>Agents of a StreamRelay server as chat clients.</summary>
public static class StreamRelayClientExtensions
{
    /// <summary>An agent as a chat client. Each answer is a task of the server: it survives cut connections, and its id is the <see cref="ChatResponse.ResponseId"/>.</summary>
    /// <param name="client">The server; it is not disposed with the chat client.</param>
    /// <param name="agent">The agent, unless <see cref="ChatOptions.ModelId"/> names another one.</param>
    /// <param name="stopsUnread">Whether a task is stopped when its answer is not read to the end, because the token was cancelled or the enumeration was left. Default no: a disconnect is not a stop.</param>
    public static IChatClient AsChatClient(this StreamRelayClient client, string agent, bool stopsUnread = false)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(agent);
        return new RelayChatClient(client, agent, stopsUnread);
    }
}
