using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Http;

namespace StreamRelay.Client.Chat;

/// <summary>An agent of a server as a chat client. The task is started with the request of Chat Completions, which has all options, and read by its events, which can be resumed.</summary>
internal sealed class RelayChatClient(StreamRelayClient client, string agent, bool stopsUnread) : IChatClient
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly ChatClientMetadata _metadata = new("streamrelay", client.Address, agent);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var taskId = await StartAsync(ChatRequestJson.Create(options?.ModelId ?? agent, messages, options), cancellationToken);
        var updates = new ChatUpdates(client.Address);
        var hasEnded = false;
        try
        {
            await foreach (var next in client.ReadAsync(taskId, cancellationToken: cancellationToken))
            {
                hasEnded = next.IsTerminal;
                yield return updates.Create(next);
            }
        }
        finally
        {
            if (stopsUnread && !hasEnded)
                await StopAsync(taskId);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(StreamRelayClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
    }

    /// <returns>The id of the task. The answer itself is left: its connection could not be resumed.</returns>
    private Task<string> StartAsync(byte[] body, CancellationToken cancellationToken)
    {
        var key = StreamRelayClient.NewKey();
        return client.Connection.RepeatAsync(async () =>
        {
            using var request = client.Post("v1/chat/completions", body, key);
            using var answer = await client.Connection.SendOnceAsync(request, cancellationToken);
            return answer.Headers.TryGetValues("X-Task-Id", out var ids) ? ids.First() : throw RelayConnection.NotTheProtocol(answer);
        }, cancellationToken);
    }

    private async Task StopAsync(string taskId)
    {
        using var timeout = new CancellationTokenSource(StopTimeout, client.Connection.Policy.Time);
        try
        {
            await client.StopAsync(taskId, timeout.Token);
        }
        catch (Exception exception) when (exception is RelayException or OperationCanceledException)
        {
            // The caller gets what ended the reading, not what came of the stop.
        }
    }
}
