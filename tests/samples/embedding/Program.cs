using System.Security.Claims;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using StreamRelay.Agents;
using StreamRelay.AspNetCore.Access;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders().AddProvider(new ShopLog());

// The application's own login: it accepts the tokens that it issues.
var signingKey = new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32));
builder.Services.AddAuthentication().AddJwtBearer(jwt =>
    jwt.TokenValidationParameters = new() { ValidIssuer = "shop", ValidAudience = "shop", IssuerSigningKey = signingKey });
builder.Services.AddAuthorization();
builder.Services.AddRateLimiter(limiter =>
{
    limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
    limiter.AddPolicy("per user", context => RateLimitPartition.GetFixedWindowLimiter(
        context.User.FindFirstValue(ClaimTypes.NameIdentifier), _ => new() { PermitLimit = 20, Window = TimeSpan.FromMinutes(1) }));
});

// StreamRelay accepts the application's tokens; their claim 'sub' owns the tasks.
builder.Services.Configure<AuthOptions>(auth => auth.Scheme = JwtBearerDefaults.AuthenticationScheme);
builder.Services.AddStreamRelay(builder.Configuration).AddAgent<Greeter>("greet");

var app = builder.Build();
app.UseRateLimiter();
app.MapPost("/login", (Login login) => login.Password == "sesame" ? Results.Text(CreateToken(login.User)) : Results.Unauthorized());
app.MapGet("/hello", () => "Welcome to the shop");
app.MapGet("/secret", (ClaimsPrincipal user) => $"The secret of {user.FindFirstValue(ClaimTypes.NameIdentifier)}").RequireAuthorization();
app.MapFallback(() => Results.Text("The shop has no such page.", statusCode: StatusCodes.Status404NotFound));
app.MapGroup("/ai").MapStreamRelay().RequireRateLimiting("per user");
app.Run();

string CreateToken(string user) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
{
    Issuer = "shop",
    Audience = "shop",
    Claims = new Dictionary<string, object> { ["sub"] = user },
    Expires = DateTime.UtcNow.AddHours(1),
    SigningCredentials = new(signingKey, SecurityAlgorithms.HmacSha256),
});

internal sealed record Login(string User, string Password);

internal sealed class Greeter : IAgentRunner
{
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        await context.OutputAsync("Hello!", cancellationToken);
        using var letter = new MemoryStream("Dear customer"u8.ToArray());
        await context.SaveFileAsync("letter.txt", "text/plain", letter, cancellationToken);
    }
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
