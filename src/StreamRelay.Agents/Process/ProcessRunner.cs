using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace StreamRelay.Agents.Process;

/// <summary>Runs an agent that is a program. The program reads the request from its standard input and writes the answer to its standard output.
/// The run ends when the program has exited; processes that the program left running are killed.</summary>
internal sealed class ProcessRunner(ProcessOptions options, string workPath, ProcessStarter starter) : IAgentRunner
{
    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var user = options.User.Length > 0 ? ProcessUser.Find(options.User) ?? throw new AgentException("process_not_started", "The user of the program does not exist.") : null;
        var cgroup = TaskCgroup.Create(context.Request.Id);
        try
        {
            using var folder = WorkFolder.Create(workPath, context.Request.Id, user);
            await RunAsync(context, folder, ChildStart.Create(options, context, folder, user, cgroup), cancellationToken);
            await OutputFiles.SaveAsync(folder, user?.Id ?? ProcessUser.Own, context, cancellationToken);
        }
        finally
        {
            await (cgroup?.KillAsync(context.Time) ?? Task.CompletedTask);
        }
    }

    private async Task RunAsync(AgentContext context, WorkFolder folder, ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var child = await starter.StartAsync(start);
        var output = new OutputReader(context);
        var errors = new ErrorReader(context);
        using (cancellationToken.Register(Terminate))
        {
            var transfers = Task.WhenAll(child.SendAsync(RequestDocument.Write(context)), output.ReadAsync(child.Output, Terminate), errors.ReadAsync(child.Error));
            await child.WaitForExitAsync();
            TaskProcesses.Kill(context.Request.Id, folder.Path);
            await transfers;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if ((output.Fault ?? output.Error) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        if (child.ExitCode != 0)
            throw new AgentException("process_failed", string.Join('\n', [$"The process ended with code {Describe(child.ExitCode)}.", .. errors.LastLines]));

        void Terminate() => child.Terminate(options.KillGrace, context.Time);
    }

    private static string Describe(int exitCode) => Signals.NameOf(exitCode) is { } signal ? $"{exitCode} ({signal})" : $"{exitCode}";
}
