using System.Runtime.ExceptionServices;

namespace StreamRelay.Agents.Process;

/// <summary>An agent that is a program: it reads the request from its standard input, and what it writes to its standard output is the answer.
/// The run lasts until the program is gone; what it left running is killed.</summary>
internal sealed class ProcessRunner(ProcessOptions options, string workFolders, ProcessStarter starter) : IAgentRunner
{
    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(workFolders, context.Request.Id);
        using var child = await starter.StartAsync(ChildStart.Create(options, context, folder));
        var output = new OutputReader(context);
        var errors = new ErrorReader(context);
        using (cancellationToken.Register(Terminate))
        {
            var talk = Task.WhenAll(child.SendAsync(RequestDocument.Write(context)), output.ReadAsync(child.Output, Terminate), errors.ReadAsync(child.Error));
            await child.WaitForExitAsync();
            TaskProcesses.Kill(context.Request.Id);
            await talk;
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
