using StreamRelay.Agents;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddStreamRelay(builder.Configuration).AddAgent<Greeter>("greet");
var app = builder.Build();
app.MapStreamRelay();
app.Run();

internal sealed class Greeter : IAgentRunner
{
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken) =>
        await context.OutputAsync("Hello!", cancellationToken);
}
