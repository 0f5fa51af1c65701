using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StreamRelay.Docs.Blocks;

/// <summary>A <c>json</c> block: configuration, which the real options must accept, or a sample of what the block before it prints.</summary>
internal static class JsonBlocks
{
    private static readonly string[] ConfigurationKeys = ["StreamRelay", "ConnectionStrings", "Urls", "Serilog", "Logging"];

    /// <returns>Exit code 0 when the configuration is valid, or the sample occurs in the output.</returns>
    public static BlockResult Check(string text, PageSession session, string output)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.EnumerateObject().All(property => ConfigurationKeys.Contains(property.Name)))
                return JsonSample.Compare(json.RootElement, output);

            Validate(text, session.Folder);
            return new(0, "");
        }
        catch (Exception exception) when (exception is JsonException or OptionsValidationException or InvalidOperationException)
        {
            return new(1, exception.Message);
        }
    }

    private static void Validate(string json, string folder)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("StreamRelay:DataPath", Path.Combine(folder, ".configured"))])
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging(logging => logging.ClearProviders());
        services.AddStreamRelay(configuration);
        services.AddStreamRelayCluster(configuration);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
