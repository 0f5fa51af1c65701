using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace StreamRelay.Agents.ChatModels;

/// <summary>Holds the client of the configured language model.</summary>
/// <remarks>The layers, outermost first: function calling, telemetry (<c>gen_ai</c> traces and metrics), logging, the retries and timeouts of
/// <see cref="ModelOptions"/>, and OpenAI's own client without its retries.</remarks>
internal sealed class ModelClient(IOptions<ModelOptions> options, TimeProvider time, IServiceProvider services) : IDisposable
{
    // OpenAI's client refuses an empty key; servers that need no key ignore this one.
    private const string NoKey = "none";

    /// <summary>The client, or <see langword="null"/> when no model is configured.</summary>
    public IChatClient? Client { get; } = options.Value.IsConfigured ? Create(options.Value, time, services) : null;

    public void Dispose() => Client?.Dispose();

    private static IChatClient Create(ModelOptions options, TimeProvider time, IServiceProvider services) =>
        new ChatClient(options.Model, new ApiKeyCredential(options.ApiKey.Length > 0 ? options.ApiKey : NoKey), ClientOptions(options)).AsIChatClient()
            .AsBuilder()
            // No logging of the library: at the level Trace it writes prompts, answers and the arguments of tools.
            .UseFunctionInvocation(NullLoggerFactory.Instance)
            .UseOpenTelemetry()
            .Use(client => new ResilientChatClient(client, options, time))
            .Build(services);

    private static OpenAIClientOptions ClientOptions(ModelOptions options)
    {
        var result = new OpenAIClientOptions
        {
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),

            // A redirect would give the prompt to a server that nobody configured.
            Transport = new HttpClientPipelineTransport(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan }),
            NetworkTimeout = options.FirstTokenTimeout + options.TokenTimeout,
        };
        if (options.BaseUrl.Length > 0)
            result.Endpoint = new(options.BaseUrl);

        return result;
    }
}
