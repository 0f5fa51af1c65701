using StreamRelay.Server;
using StreamRelay.Server.Api;
using StreamRelay.Server.Logging;

if (CommandLine.TryAnswer(args, Console.Out))
    return;

// Everything the server reads lies beside its program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddSerilogLogging();
builder.Services.AddStreamRelay(builder.Configuration);
builder.Services.AddApiDocument();

var app = builder.Build();
app.UseStreamRelay();
app.UsePage();
app.MapStreamRelay();
app.MapApiDocument();
await app.RunAsync();
