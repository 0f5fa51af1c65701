using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAIChat = OpenAI.Chat;

namespace StreamRelay.Agents.ChatModels;

/// <summary>Speaks to an OpenAI-compatible server through the official client, without retries of its own.</summary>
internal sealed class OpenAiChatClient(ModelOptions options) : IChatClient
{
    private readonly OpenAIChat.ChatClient _client = new(options.Model, new ApiKeyCredential(options.ApiKey.Length > 0 ? options.ApiKey : "none"), Settings(options));

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken))
            updates.Add(update);

        return updates.ToChatResponse();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in _client.CompleteChatStreamingAsync(messages.Select(ToWire), cancellationToken: cancellationToken))
            yield return FromWire(update);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static OpenAIClientOptions Settings(ModelOptions options)
    {
        var settings = new OpenAIClientOptions
        {
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = options.FirstTokenTimeout + options.TokenTimeout,
        };
        if (options.BaseUrl.Length > 0)
            settings.Endpoint = new(options.BaseUrl);

        return settings;
    }

    private static OpenAIChat.ChatMessage ToWire(ChatMessage message) =>
        message.Role == ChatRole.System ? new OpenAIChat.SystemChatMessage(message.Text)
        : message.Role == ChatRole.Assistant ? new OpenAIChat.AssistantChatMessage(message.Text)
        : new OpenAIChat.UserChatMessage(message.Text);

    private static ChatResponseUpdate FromWire(OpenAIChat.StreamingChatCompletionUpdate update)
    {
        var result = new ChatResponseUpdate(ChatRole.Assistant, string.Concat(update.ContentUpdate.Select(part => part.Text)));
        if (update.FinishReason is { } reason)
            result.FinishReason = FromWire(reason);
        if (update.Usage is { } usage)
            result.Contents.Add(new UsageContent(new() { InputTokenCount = usage.InputTokenCount, OutputTokenCount = usage.OutputTokenCount }));

        return result;
    }

    private static ChatFinishReason FromWire(OpenAIChat.ChatFinishReason reason) => reason switch
    {
        OpenAIChat.ChatFinishReason.Length => ChatFinishReason.Length,
        OpenAIChat.ChatFinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        OpenAIChat.ChatFinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        _ => ChatFinishReason.Stop,
    };
}
