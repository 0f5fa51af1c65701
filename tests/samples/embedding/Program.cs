using System.Security.Claims;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Access;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders().AddProvider(new ShopLog());

// The application's own authentication and rate limit.
builder.Services.AddAuthentication().AddJwtBearer(jwt => jwt.TokenValidationParameters = new()
{
    ValidIssuer = "shop",
    ValidAudience = "shop",
    IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(builder.Configuration["Shop:SigningKey"]!)),
});
builder.Services.AddAuthorization();
builder.Services.AddRateLimiter(limiter =>
{
    limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
    limiter.AddPolicy("per user", context => RateLimitPartition.GetFixedWindowLimiter(
        context.User.FindFirstValue(ClaimTypes.NameIdentifier), _ => new() { PermitLimit = 5, Window = TimeSpan.FromMinutes(1) }));
});

// StreamRelay accepts the application's tokens; their claim 'sub' owns the tasks.
builder.Services.Configure<AuthOptions>(auth => auth.Scheme = JwtBearerDefaults.AuthenticationScheme);
builder.Services.AddStreamRelay(builder.Configuration).AddAgent<Greeter>("greet");

var app = builder.Build();
app.UseRateLimiter();
app.MapGet("/", () => "Welcome to the shop");
app.MapGet("/orders", (ClaimsPrincipal user) => $"Orders of {user.FindFirstValue(ClaimTypes.NameIdentifier)}").RequireAuthorization();
app.MapStreamRelay().RequireRateLimiting("per user");
app.Run();

internal sealed class Greeter : IAgentRunner
{
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken) =>
        await context.OutputAsync("Hello!", cancellationToken);
}

internal sealed class ShopLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Console.WriteLine($"[shop] {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
