using Microsoft.Extensions.Options;
using StreamRelay.Agents;
using StreamRelay.Agents.ChatModels;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Configuration;
using StreamRelay.Cluster;
using StreamRelay.Storage;

namespace StreamRelay.Server.Logging;

/// <summary>What somebody who has started the server needs next, as one entry of the log.</summary>
internal static partial class StartupLog
{
    /// <summary>Logs the addresses, the data folder, the agents, the model and a first request, as soon as the server listens.</summary>
    public static void LogStart(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() => app.Logger.Started(
        string.Join(" and ", app.Urls),
        DescribeData(app.Services),
        string.Join(", ", app.Services.GetRequiredService<AgentRegistry>().Names),
        DescribeModel(app.Services.GetRequiredService<IOptions<ModelOptions>>().Value),
        DescribeRequest(app.Services, app.Urls.FirstOrDefault() ?? "")));

    private static string DescribeData(IServiceProvider services)
    {
        var folder = services.GetRequiredService<IOptions<StorageOptions>>().Value.DataPath;
        return services.GetService<IWorkQueue>() is { } cluster
            ? $"tasks and files in PostgreSQL, logs in Redis, work files in {folder}; this is node {cluster.Node}"
            : folder;
    }

    // The address may contain a password.
    private static string DescribeModel(ModelOptions model) => model.IsConfigured
        ? $"{model.Model}{(model.BaseUrl.Length > 0 ? $" at {new Uri(model.BaseUrl).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}" : "")}"
        : $"none; for one: --{ModelOptions.Section}:{nameof(model.BaseUrl)}=http://127.0.0.1:11434/v1 --{ModelOptions.Section}:{nameof(model.Model)}=NAME";

    private static string DescribeRequest(IServiceProvider services, string address)
    {
        var key = services.GetRequiredService<KeyRing>().IsLocalOnly ? "" : "-H 'Authorization: Bearer KEY' ";
        var usual = services.GetRequiredService<IOptions<RelayOptions>>().Value.DefaultAgent;
        var agent = usual.Length > 0 ? usual : services.GetRequiredService<AgentRegistry>().Names is [var first, ..] ? first : "AGENT";
        return $"curl -N {address}/v1/chat/completions {key}-d '{{\"model\":\"{agent}\",\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"MySQL\"}}]}}'";
    }

    // The lines are those of the template: in a value they would be shown as numbers, as all control characters are.
    [LoggerMessage(1, LogLevel.Information, "StreamRelay listens on {Addresses:l}\n  Data    {Data:l}\n  Agents  {Agents:l}\n  Model   {Model:l}\n  Try     {Request:l}")]
    private static partial void Started(this ILogger logger, string addresses, string data, string agents, string model, string request);
}
