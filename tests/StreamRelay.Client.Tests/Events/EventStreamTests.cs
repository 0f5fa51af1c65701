using System.Net;
using StreamRelay.Client.Errors;
using StreamRelay.Client.Push;
using StreamRelay.TestSupport;

namespace StreamRelay.Client.Events;

/// <summary>Reading over connections that are cut.</summary>
public sealed class EventStreamTests(ClientFixture fixture) : IClassFixture<ClientFixture>
{
    private const int Events = 203;

    [Theory]
    [InlineData(900, true)]
    [InlineData(901, false)]
    [InlineData(1500, true)]
    [InlineData(1777, false)]
    [InlineData(4099, true)]
    [InlineData(16_000, false)]
    public async Task A_connection_that_is_cut_again_and_again_gives_every_event_once_and_in_order(int bytes, bool resets)
    {
        var whole = await ReadAsync(fixture.Client, (await fixture.Client.StartAsync("probe", "count 200 0")).Id);
        await using var proxy = new CuttingProxy(fixture.App.Address, bytes, resets);
        using var client = new StreamRelayClient(proxy.Address, options: FastTime.Options);
        var id = (await fixture.Client.StartAsync("probe", "count 200 0")).Id;

        var cut = await ReadAsync(client, id);

        Assert.Equal(Enumerable.Range(1, Events).Select(number => (long)number), cut.Select(next => next.Sequence));
        Assert.Equal(whole.Select(next => (next.Type, next.Content)), cut.Select(next => (next.Type, next.Content)));
        Assert.True(proxy.Connections > 2, $"{proxy.Connections} connections");
    }

    [Fact]
    public async Task A_connection_that_never_brings_an_event_is_given_up()
    {
        await using var proxy = new CuttingProxy(fixture.App.Address, bytes: 60);
        using var client = new StreamRelayClient(proxy.Address, options: FastTime.Impatient);
        var id = (await fixture.Client.StartAsync("probe", "count 1 0")).Id;

        var failure = await Assert.ThrowsAsync<RelayConnectionException>(() => ReadAsync(client, id));

        Assert.Contains("00:02:00", failure.Message);
        Assert.True(proxy.Connections > 3);
    }

    [Fact]
    public async Task A_server_that_restarts_is_read_on_with_nothing_lost_and_nothing_twice()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-");
        var address = new Uri($"http://127.0.0.1:{Loopback.FreePort()}");
        string[] options = [$"--Urls={address}", "--StreamRelay:Agents:remote:Type=push"];
        var server = await ServerProcess.StartAsync(folder.FullName, options);
        using var client = new StreamRelayClient(address, options: FastTime.Options);
        var task = await client.StartAsync("remote", "x");
        var producer = client.OpenProducer(task.Id);
        await producer.PushAsync(NewEvent.Output("before "));

        List<string> texts = [];
        await foreach (var next in client.ReadAsync(task.Id))
        {
            texts.Add(next.Content);
            if (next.Content != "before ")
                continue;

            await server.KillAsync();
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(folder.FullName, options);
            await producer.PushAsync([NewEvent.Output("after"), NewEvent.End()]);
        }

        Assert.Equal("before after", string.Concat(texts));
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_reader_continues_after_the_position_that_another_one_reached()
    {
        var id = (await fixture.Client.StartAsync("probe", "count 20 0")).Id;
        var whole = await ReadAsync(fixture.Client, id);

        foreach (var seen in whole)
        {
            var rest = await fixture.Client.ReadAsync(id, seen.Id).ToListAsync();
            Assert.Equal(whole.Skip((int)seen.Sequence).Select(next => next.Id), rest.Select(next => next.Id));
        }
    }

    [Fact]
    public async Task The_same_events_can_be_read_again()
    {
        var events = fixture.Client.ReadAsync((await fixture.Client.StartAsync("probe", "count 5 0")).Id);

        Assert.Equal(await events.CountAsync(), await events.CountAsync());
    }

    [Fact]
    public async Task A_position_that_the_log_does_not_have_is_a_gap()
    {
        var id = (await fixture.Client.StartAsync("probe", "count 1 0")).Id;
        await fixture.Client.WaitAsync(id);

        var gap = await Assert.ThrowsAsync<RelayGapException>(() => fixture.Client.ReadAsync(id, "5000").FirstAsync().AsTask());
        var wrong = await Assert.ThrowsAsync<RelayException>(() => fixture.Client.ReadAsync(id, "x").FirstAsync().AsTask());

        Assert.Equal((HttpStatusCode.Gone, 4), (gap.StatusCode, gap.LastSequence));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task A_task_that_is_deleted_while_it_is_read_is_not_found()
    {
        await using var proxy = new CuttingProxy(fixture.App.Address);
        using var client = new StreamRelayClient(proxy.Address, options: FastTime.Options);
        var id = (await fixture.Client.StartAsync("remote", "x")).Id;

        await Assert.ThrowsAsync<RelayNotFoundException>(async () =>
        {
            await foreach (var _ in client.ReadAsync(id))
            {
                proxy.Cut();
                await fixture.Client.DeleteAsync(id);
            }
        });
    }

    [Fact]
    public async Task A_reader_that_leaves_does_not_stop_the_task()
    {
        var id = (await fixture.Client.StartAsync("remote", "x")).Id;
        await fixture.Client.ReadAsync(id).FirstAsync();
        using var left = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in fixture.Client.ReadAsync(id, cancellationToken: left.Token))
                await left.CancelAsync();
        });

        Assert.False((await fixture.Client.GetAsync(id)).IsEnded);
        await fixture.Client.StopAsync(id);
    }

    private static async Task<List<RelayEvent>> ReadAsync(StreamRelayClient client, string id) => await client.ReadAsync(id).ToListAsync();
}
