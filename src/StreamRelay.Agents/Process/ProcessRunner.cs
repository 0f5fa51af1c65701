using System.Runtime.ExceptionServices;

namespace StreamRelay.Agents.Process;

/// <summary>Runs an agent that is a program. The program reads the request from its standard input and writes the answer to its standard output.
/// The run ends when the program has exited; processes that the program left running are killed.</summary>
internal sealed class ProcessRunner(ProcessOptions options, string workPath, ProcessStarter starter) : IAgentRunner
{
    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(workPath, context.Request.Id);
        using var child = await starter.StartAsync(ChildStart.Create(options, context, folder));
        var output = new OutputReader(context);
        var errors = new ErrorReader(context);
        using (cancellationToken.Register(Terminate))
        {
            var transfers = Task.WhenAll(child.SendAsync(RequestDocument.Write(context)), output.ReadAsync(child.Output, Terminate), errors.ReadAsync(child.Error));
            await child.WaitForExitAsync();
            TaskProcesses.Kill(context.Request.Id);
            await transfers;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if ((output.Fault ?? output.Error) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        if (child.ExitCode != 0)
            throw new AgentException("process_failed", string.Join('\n', [$"The process ended with code {Describe(child.ExitCode)}.", .. errors.LastLines]));

        await OutputFiles.SaveAsync(folder, context, cancellationToken);

        void Terminate() => child.Terminate(options.KillGrace, context.Time);
    }

    private static string Describe(int exitCode) => Signals.NameOf(exitCode) is { } signal ? $"{exitCode} ({signal})" : $"{exitCode}";
}
