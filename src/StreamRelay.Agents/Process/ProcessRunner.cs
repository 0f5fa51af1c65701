using SystemProcess = System.Diagnostics.Process;

namespace StreamRelay.Agents.Process;

/// <summary>Runs a program for each task: the request on its standard input, its answer on its standard output.</summary>
/// <param name="options">The program.</param>
/// <param name="host">Where it runs.</param>
public sealed class ProcessRunner(ProcessOptions options, ProcessHostOptions host) : IAgentRunner
{
    private const int SignalOffset = 128;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var folder = new ProcessFolder(host.WorkPath, context.Request.Id);
        using var process = await StartAsync(context, folder);
        var errors = new ProcessErrors(context);
        var output = new ProcessOutput(context);
        var input = ProcessInput.WriteAsync(process.StandardInput.BaseStream, context, cancellationToken);
        var complaining = errors.ReadAsync(process.StandardError.BaseStream);
        var speaking = output.ReadAsync(process.StandardOutput.BaseStream);
        try
        {
            await Task.WhenAny(process.WaitForExitAsync(cancellationToken), FailAsync(speaking)).Unwrap();
        }
        finally
        {
            await EndAsync(process, context, Task.WhenAll(input, complaining, speaking));
        }

        await speaking;
        if (output.Failure is { } failure)
            throw failure;
        if (process.ExitCode != 0)
            throw Failed(process.ExitCode, errors.Last);

        await folder.SaveFilesAsync(context, cancellationToken);
    }

    private async Task<SystemProcess> StartAsync(AgentContext context, ProcessFolder folder)
    {
        var program = ProgramPath.Find(options.Command)
            ?? throw new AgentException("process_not_started", $"The program '{options.Command}' was not found.");
        var start = ProcessLauncher.Wrap(program, options.Arguments);
        start.WorkingDirectory = folder.Root;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        ProcessEnvironment.Fill(start.Environment, options, context);
        try
        {
            return await ProcessLauncher.StartAsync(start);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new AgentException("process_not_started", $"The program '{options.Command}' could not be started.", exception);
        }
    }

    /// <summary>Ends only when speaking fails: its normal end is not that of the program.</summary>
    private static async Task FailAsync(Task speaking)
    {
        await speaking;
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>Leaves nothing behind: asks a program that still runs to go, then kills it and whatever it started.</summary>
    private async Task EndAsync(SystemProcess process, AgentContext context, Task pipes)
    {
        if (!process.HasExited)
        {
            LinuxProcesses.SignalGroup(process.Id, LinuxProcesses.Terminate);
            using var grace = new CancellationTokenSource(options.KillGrace, context.Time);
            await process.WaitForExitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!process.HasExited)
            process.Kill(entireProcessTree: true);

        LinuxProcesses.SignalGroup(process.Id, LinuxProcesses.Kill);
        await process.WaitForExitAsync(CancellationToken.None);

        // Somebody who left the group may hold the pipes.
        var closed = pipes.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (await Task.WhenAny(closed, Task.Delay(Drain, CancellationToken.None)) == closed)
            return;

        LinuxProcesses.KillAllOf(context.Request.Id.ToString());
        await closed;
    }

    private static AgentException Failed(int code, string lastErrors)
    {
        var how = code > SignalOffset ? $"was ended by signal {code - SignalOffset}" : $"ended with code {code}";
        return new("process_failed", lastErrors.Length > 0 ? $"The program {how}:\n{lastErrors}" : $"The program {how}.");
    }
}
