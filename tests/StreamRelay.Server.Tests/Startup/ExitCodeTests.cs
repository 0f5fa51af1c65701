using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StreamRelay.Server.Startup;

public sealed class ExitCodeTests
{
    [Fact]
    public async Task A_background_service_that_fails_ends_the_program_with_an_exit_code()
    {
        await using var app = Create(_ => throw new InvalidOperationException("The service cannot go on."));
        Assert.Equal(1, await app.RunToEndAsync());
    }

    [Fact]
    public async Task A_program_that_is_stopped_ends_without_one()
    {
        await using var app = Create(stopping => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping));
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
        Assert.Equal(0, await app.RunToEndAsync());
    }

    [Fact]
    public async Task A_program_that_is_stopped_while_it_starts_ends_without_one()
    {
        await using var app = Create(_ => Task.CompletedTask, static app => app.StopApplication());
        Assert.Equal(0, await app.RunToEndAsync());
    }

    private static WebApplication Create(Func<CancellationToken, Task> run, Action<IHostApplicationLifetime>? onStart = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddHostedService(services =>
        {
            onStart?.Invoke(services.GetRequiredService<IHostApplicationLifetime>());
            return new DelegateService(run);
        });
        return builder.Build();
    }

    private sealed class DelegateService(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }
}
