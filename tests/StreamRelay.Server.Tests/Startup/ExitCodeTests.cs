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
    public async Task A_background_service_that_fails_while_the_program_starts_ends_it_with_an_exit_code()
    {
        await using var app = Create(
            _ => throw new InvalidOperationException("The service cannot go on."),
            (_, starting) => WaitAsync(starting));
        Assert.Equal(1, await app.RunToEndAsync());
    }

    [Fact]
    public async Task A_program_that_is_stopped_ends_without_one()
    {
        await using var app = Create(WaitAsync);
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
        Assert.Equal(0, await app.RunToEndAsync());
    }

    [Fact]
    public async Task A_program_that_is_stopped_while_it_starts_ends_without_one()
    {
        await using var app = Create(WaitAsync, (lifetime, starting) =>
        {
            lifetime.StopApplication();
            return WaitAsync(starting);
        });
        Assert.Equal(0, await app.RunToEndAsync());
    }

    private static Task WaitAsync(CancellationToken stopping) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);

    private static WebApplication Create(Func<CancellationToken, Task> run, Func<IHostApplicationLifetime, CancellationToken, Task>? start = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddHostedService(_ => new DelegateService(run));
        if (start is not null)
            builder.Services.AddHostedService(services => new StartStep(starting => start(services.GetRequiredService<IHostApplicationLifetime>(), starting)));
        return builder.Build();
    }

    private sealed class DelegateService(Func<CancellationToken, Task> run) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => run(stoppingToken);
    }

    private sealed class StartStep(Func<CancellationToken, Task> start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => start(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
