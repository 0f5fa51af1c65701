namespace StreamRelay.Runs;

public sealed class RunStateTests
{
    private readonly RunState _state = new();

    [Fact]
    public void The_first_interruption_counts_and_a_shutdown_is_seen_after_it()
    {
        _state.Interrupt(RunInterruption.Stop);
        Assert.False(_state.IsShuttingDown);

        _state.Interrupt(RunInterruption.Shutdown);

        Assert.Equal(RunInterruption.Stop, _state.Interruption);
        Assert.True(_state.IsShuttingDown);
        Assert.True(_state.WhenShuttingDownAsync().IsCompleted);
    }

    [Fact]
    public void A_phase_is_never_left_for_an_earlier_one()
    {
        _state.Enter(RunPhase.Ended);

        _state.Enter(RunPhase.Running);

        Assert.Equal(RunPhase.Ended, _state.Phase);
    }

    [Fact]
    public async Task A_wait_for_a_phase_completes_when_the_phase_is_reached_or_skipped()
    {
        var running = _state.WhenAsync(RunPhase.Running);
        var exited = _state.WhenAsync(RunPhase.RunnerExited);

        _state.Interrupt(RunInterruption.Timeout);
        _state.Enter(RunPhase.Ended);
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False(exited.IsCompleted);
        Assert.True(_state.WhenInterruptedAsync().IsCompleted);
    }
}
