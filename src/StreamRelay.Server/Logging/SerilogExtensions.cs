using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Hosting;
using Serilog.Extensions.Logging;
using StreamRelay.AspNetCore.Errors;

namespace StreamRelay.Server.Logging;

/// <summary>Sends all logging through Serilog.</summary>
internal static class SerilogExtensions
{
    private const string OutputTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // The host reports a failed start with a stack trace; Program logs the message alone.
    private const string StartFailure = "Hosting failed to start";

    /// <summary>Creates the logger of the first stage: it writes to the console until the configuration has been read.</summary>
    public static ReloadableLogger CreateStartupLogger() => new LoggerConfiguration().WriteToConsole().CreateBootstrapLogger();

    /// <summary>Adds the second stage: once the services are built, <paramref name="startup"/> writes to the console and wherever the section <c>Serilog</c> directs it.</summary>
    /// <remarks>Serilog is one provider among others and does not replace the logger factory: the section <c>Logging</c> decides what agents log into
    /// their streams, whatever the level of the server's own log is.</remarks>
    public static void AddSerilogLogging(this WebApplicationBuilder builder, ReloadableLogger startup)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(services => Configure(startup, services));
        builder.Services.AddSingleton(services => new DiagnosticContext(services.GetRequiredService<Logger>()));
        builder.Services.AddSingleton<ILoggerProvider>(services => new SerilogLoggerProvider(services.GetRequiredService<Logger>()));
    }

    private static Logger Configure(ReloadableLogger startup, IServiceProvider services)
    {
        startup.Reload(logger => logger
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("StreamRelay.AspNetCore.Access.ApiKeyHandler", LogEventLevel.Warning)
            .Filter.ByExcluding(entry => entry.Exception is IncompleteResponseException)

            // Quotes the malformed request, and with it a key or a ticket. The client has the reason.
            .Filter.ByExcluding(entry => entry.Exception is BadHttpRequestException)
            .Filter.ByExcluding(entry => entry.MessageTemplate.Text == StartFailure)
            .Enrich.With<TicketRedaction>()
            .Enrich.With<ControlCharacters>()
            .WriteToConsole()
            .ReadFrom.Configuration(services.GetRequiredService<IConfiguration>())
            .ReadFrom.Services(services));
        return startup.Freeze();
    }

    private static LoggerConfiguration WriteToConsole(this LoggerConfiguration logger) =>
        logger.WriteTo.Console(outputTemplate: OutputTemplate, formatProvider: null, standardErrorFromLevel: LogEventLevel.Fatal);
}
