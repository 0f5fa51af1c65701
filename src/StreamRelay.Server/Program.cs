using StreamRelay.AspNetCore.Access;
using StreamRelay.Server;
using StreamRelay.Server.Api;
using StreamRelay.Server.Logging;
using StreamRelay.Server.Proxies;
using StreamRelay.Server.Startup;

if (CommandLine.TryExecute(args, Console.Out))
    return;

using var log = SerilogExtensions.CreateStartupLogger();
try
{
    // The content root is the program's folder, so that the server finds its files from any working directory.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddSerilogLogging(log);
    builder.Services.AddStreamRelay(builder.Configuration);
    builder.Services.AddStreamRelayConnectionLimits();
    builder.Services.AddStreamRelayCluster(builder.Configuration);
    builder.Services.AddApiDocument();
    builder.Services.AddTrustedProxies();
    builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(RelayPolicies.Pages);
    builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);

    var app = builder.Build();
    app.UseTrustedProxies();
    app.UseRequestLogging();
    app.UseErrorPages();
    app.UseForeignPageLog();
    app.UseCors();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UsePages();
    app.MapStreamRelay();
    app.MapApiDocument();
    app.LogStart();
    Environment.ExitCode = await app.RunToEndAsync();
}
catch (Exception exception) when (StartFault.IsMistake(exception))
{
    log.Fatal("{Reason:l}", StartFault.Describe(exception));
    Environment.ExitCode = 1;
}
