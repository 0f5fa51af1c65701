using Microsoft.Extensions.Options;
using StreamRelay.Server;
using StreamRelay.Server.Api;
using StreamRelay.Server.Logging;

if (CommandLine.TryAnswer(args, Console.Out))
    return;

try
{
    // Everything the server reads lies beside its program, wherever it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddSerilogLogging();
    builder.Services.AddStreamRelay(builder.Configuration);
    builder.Services.AddStreamRelayCluster(builder.Configuration);
    builder.Services.AddApiDocument();

    var app = builder.Build();
    app.UseStreamRelay();
    app.UsePage();
    app.MapStreamRelay();
    app.MapApiDocument();
    app.TellWhereDataIs();
    await app.RunAsync();
}
catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException or IOException)
{
    // A mistake in the configuration: its message says the way out, and a stack trace would only hide it.
    await Console.Error.WriteLineAsync(exception.Message);
    Environment.ExitCode = 1;
}
