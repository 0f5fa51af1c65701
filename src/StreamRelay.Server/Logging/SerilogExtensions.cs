using Serilog;
using Serilog.Events;
using StreamRelay.AspNetCore.Streaming;

namespace StreamRelay.Server.Logging;

/// <summary>Sends all logging through Serilog.</summary>
internal static class SerilogExtensions
{
    // The host's own report of a failed start, with its stack trace; Program prints the message alone.
    private const string StartFailure = "Hosting failed to start";

    /// <summary>Logs to the console, or as the section <c>Serilog</c> says.</summary>
    public static void AddSerilogLogging(this WebApplicationBuilder builder)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .Filter.ByExcluding(entry => entry.Exception is IncompleteResponseException)
            .Filter.ByExcluding(entry => entry.MessageTemplate.Text == StartFailure)
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}", formatProvider: null)
            .ReadFrom.Configuration(builder.Configuration)
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(logger, dispose: true);
    }
}
