namespace StreamRelay.Server;

/// <summary>The exit code of the program.</summary>
internal static class ExitCode
{
    /// <summary>Runs an application to its end.</summary>
    /// <returns>0 when it was stopped, also while it started; 1 when a background service failed, which stops the application as well: a supervisor has to start it again.</returns>
    public static async Task<int> RunToEndAsync(this WebApplication app)
    {
        // Found before the run, because the services cannot be looked up after it.
        var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToArray();
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The start was cancelled, by a signal or by a service that failed.
        }

        return services.Any(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
    }
}
