using Microsoft.Extensions.Options;
using StreamRelay.Server;
using StreamRelay.Server.Api;
using StreamRelay.Server.Logging;

if (CommandLine.TryAnswer(args, Console.Out))
    return;

using var log = SerilogExtensions.CreateStartupLogger();
try
{
    // Everything the server reads lies beside its program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddSerilogLogging(log);
    builder.Services.AddStreamRelay(builder.Configuration);
    builder.Services.AddStreamRelayCluster(builder.Configuration);
    builder.Services.AddApiDocument();

    var app = builder.Build();
    app.UseRequestLogging();
    app.UseStreamRelay();
    app.UsePage();
    app.MapStreamRelay();
    app.MapApiDocument();
    app.TellWhereDataIs();
    await app.RunAsync();
}
catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException or IOException)
{
    // A mistake in the configuration: the message names the setting and the correction, so a stack trace would only hide it.
    log.Fatal("{Reason:l}", exception.Message);
    Environment.ExitCode = 1;
}
