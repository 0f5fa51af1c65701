using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>Gives one scripted answer for each request, and fails when none is left.</summary>
internal sealed class ScriptedModel(params AIContent[][] answers) : IChatClient
{
    public const string Secret = "sk-secret";

    /// <summary>The reason of the end that each piece has.</summary>
    public ChatFinishReason? FinishReason { get; init; }

    public List<(List<ChatMessage> Messages, ChatOptions? Options)> Requests { get; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Requests.Add(([.. messages], options));
        if (Requests.Count > answers.Length)
            throw new InvalidOperationException(Secret);

        foreach (var content in answers[Requests.Count - 1])
            yield return await Task.FromResult(new ChatResponseUpdate(ChatRole.Assistant, [content]) { FinishReason = FinishReason });
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
