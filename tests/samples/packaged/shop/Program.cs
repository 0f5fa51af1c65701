var builder = WebApplication.CreateBuilder(args);
builder.Services.AddStreamRelay(builder.Configuration);
builder.Services.AddAgent("greet", static async (context, cancellationToken) => await context.OutputAsync("Hello!", cancellationToken));

var app = builder.Build();
app.MapStreamRelay();
app.Run();
