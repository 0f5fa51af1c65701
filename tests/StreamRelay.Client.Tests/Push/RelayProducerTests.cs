using StreamRelay.Client.Errors;

namespace StreamRelay.Client.Push;

public sealed class RelayProducerTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    [Fact]
    public async Task A_push_whose_answer_is_lost_is_appended_once()
    {
        var id = (await fixture.Client.StartAsync("remote", "x")).Id;
        using var losing = fixture.Losing(2);
        var producer = losing.OpenProducer(id);
        await producer.PushAsync([NewEvent.Thought("Hm. "), NewEvent.Output("one ")]);
        await producer.PushAsync(NewEvent.Output("two"));
        await producer.PushAsync([NewEvent.Data("chart", 7), NewEvent.End()]);

        var events = await fixture.Client.ReadAsync(id).ToListAsync();

        Assert.Equal("Hm. one two", string.Concat(events.Select(next => next.Content)));
        Assert.Equal(7, events.Single(next => next.Name == "chart").Data!.Value.GetInt32());
        var ended = await Assert.ThrowsAsync<RelayException>(() => producer.PushAsync(NewEvent.Output("late")));
        Assert.NotNull(ended.StatusCode);
    }

    [Fact]
    public async Task A_push_that_was_not_answered_can_only_be_repeated()
    {
        var id = (await fixture.Client.StartAsync("remote", "x")).Id;
        using var losing = fixture.Losing(6);
        var producer = losing.OpenProducer(id);
        using var cancelled = new CancellationTokenSource();
        var pushing = producer.PushAsync(NewEvent.Output("once"), cancelled.Token);
        await fixture.Client.ReadAsync(id).Skip(1).FirstAsync();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pushing);

        await Assert.ThrowsAsync<InvalidOperationException>(() => producer.PushAsync(NewEvent.Output("other")));
        await producer.PushAsync(NewEvent.Output("once"));
        await producer.PushAsync(NewEvent.Error("broken", "It broke."));

        var events = await fixture.Client.ReadAsync(id).ToListAsync();
        Assert.Equal(["", "once", "It broke."], events.Where(next => next.Type != "usage").Select(next => next.Content));
        Assert.Equal("broken", events[^1].Code);
    }
}
