using System.Globalization;
using System.Net;
using System.Text.Json;

namespace StreamRelay.Cluster;

/// <summary>The conditions that must hold after a round, whatever the fault was.</summary>
internal static class RoundChecks
{
    private static readonly string[] Ended = ["completed", "failed", "stopped"];

    /// <summary>Every node has the same view of every task, and every reader received each frame of its task once.</summary>
    public static async Task CheckAsync(Round round)
    {
        var complaints = round.All.SelectMany(task => task.Readers).SelectMany(reader => reader.Complaints).ToList();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
        foreach (var task in round.All)
        {
            if (task.MayVanish)
                await CheckDeletedAsync(round, task);
            else
                await CheckAsync(round, task);
        }
    }

    /// <summary>The tasks that another node took over. A task that is stopped before it begins gets an attempt for its end, and is not one of them.</summary>
    public static async Task<IReadOnlyList<ClusterTask>> TakenOverAsync(Round round)
    {
        List<ClusterTask> taken = [];
        foreach (var task in round.All.Where(task => !task.MayVanish))
        {
            var view = await round.Client.FindAsync(task.Id);
            if (view.GetProperty("attempt").GetInt32() > 1 && view.GetProperty("status").GetString() != "stopped")
                taken.Add(task);
        }

        return taken;
    }

    private static async Task CheckDeletedAsync(Round round, ClusterTask task)
    {
        foreach (var node in round.Servers.Nodes)
            Assert.Equal(HttpStatusCode.NotFound, (await round.Client.FindAtAsync(node, task.Id)).Status);

        Assert.False(await round.Servers.HasLogAsync(task.Id), $"{task} has a log again");
    }

    private static async Task CheckAsync(Round round, ClusterTask task)
    {
        var views = await Task.WhenAll(round.Servers.Nodes.Select(node => round.Client.FindAtAsync(node, task.Id)));
        var status = views[0].Body.GetProperty("status").GetString();
        Assert.Contains(status, Ended);
        Assert.All(views, view => Assert.Equal(WithoutReaders(views[0].Body), WithoutReaders(view.Body)));

        if (task.MayLose && await IsLostAsync(round, task))
            return;

        var native = SseText.Frames(await round.Client.ReadAtAsync(round.Servers.Nodes[0], task.Id, "native"));
        CheckNative(task, native, views[0].Body);
        foreach (var protocol in task.Readers.Select(reader => reader.Protocol).Distinct())
        {
            var streams = await Task.WhenAll(round.Servers.Nodes.Select(node => round.Client.ReadAtAsync(node, task.Id, protocol)));
            var frames = string.Concat(SseText.Frames(streams[0]));
            Assert.Equal(status, ReceivedStream.Parse(protocol, frames).Status);
            Assert.All(streams, one => AssertSame(frames, string.Concat(SseText.Frames(one)), $"{task} in {protocol} on another node"));
            // A reader that reconnects only after the lost entries were replaced by as many new ones cannot be detected.
            Assert.All(task.Readers.Where(reader => reader.Protocol == protocol && !task.MayLose && !reader.IsAhead),
                reader => AssertSame(frames, reader.Seen, $"{task} in {protocol} over {reader.Connections} connections"));
        }
    }

    // The number of readers changes between the requests.
    private static string WithoutReaders(JsonElement task) =>
        string.Join('\n', task.EnumerateObject().Where(field => field.Name != "readers").Select(field => $"{field.Name}: {field.Value}"));

    /// <summary>Whether the nodes report the log as lost. All nodes must agree.</summary>
    private static async Task<bool> IsLostAsync(Round round, ClusterTask task)
    {
        var statuses = await Task.WhenAll(round.Servers.Nodes.Select(node => round.Client.AskForEventsAsync(node, task.Id)));
        Assert.Single(statuses.Distinct());
        return statuses[0] is HttpStatusCode.Gone or HttpStatusCode.NotFound;
    }

    private static void CheckNative(ClusterTask task, List<string> frames, JsonElement view)
    {
        Assert.Contains("\"connection_end\"", SseText.Data(frames[^1]));
        var events = frames.SkipLast(1).Select(frame => JsonElement.Parse(SseText.Data(frame))).ToList();
        var kinds = events.Select(entry => entry.GetProperty("event_type").GetString()).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(entry => entry.GetProperty("sequence").GetInt32()));
        Assert.Equal(events.Count, view.GetProperty("last_sequence").GetInt32());
        Assert.Equal(kinds.Count - 1, kinds.FindIndex(kind => kind is "end" or "error"));
        Assert.Equal("start", Assert.Single(kinds.Take(1)));
        Assert.Equal(1, kinds.Count(kind => kind == "start"));
        if (task.Agent == "remote")
            CheckPushed(task, events, view);
        if (task.Agent != "probe")
            return;

        // A probe never runs twice: its output counts up, and it is whole when the probe completed.
        var words = events.Where(entry => entry.GetProperty("event_type").GetString() == "output").Select(entry => entry.GetProperty("content").GetString()).ToList();
        Assert.Equal(Enumerable.Range(1, words.Count).Select(number => $"t{number} "), words);
        var isWhole = words.Count == int.Parse(task.Input.Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.True(isWhole || view.GetProperty("status").GetString() is "stopped" || IsInterrupted(view), $"{task} ended after {words.Count}: {view}");
    }

    /// <summary>The events of the producer are in the log once and in order, all of them where the task has the end that the producer pushed.</summary>
    private static void CheckPushed(ClusterTask task, List<JsonElement> events, JsonElement view)
    {
        var texts = events.Where(entry => entry.GetProperty("event_type").GetString() == "output").Select(entry => entry.GetProperty("content").GetString()).ToList();
        var isWhole = view.GetProperty("status").GetString() == "completed";
        Assert.True(isWhole || task.MayLose, $"{task}: {view}");
        Assert.Equal(Enumerable.Range(0, isWhole ? int.Parse(task.Input, CultureInfo.InvariantCulture) : texts.Count).Select(ClusterProducer.Text), texts);
    }

    private static bool IsInterrupted(JsonElement view) =>
        view.GetProperty("error") is { ValueKind: JsonValueKind.Object } error && error.GetProperty("code").GetString() == "interrupted";

    private static void AssertSame(string expected, string seen, string what)
    {
        var same = expected.AsSpan().CommonPrefixLength(seen);
        Assert.True(same == expected.Length && same == seen.Length,
            $"{what} differs from {same} on, of {expected.Length} and {seen.Length}.\nExpected: {Around(expected, same)}\nSeen: {Around(seen, same)}");
    }

    private static string Around(string text, int position) => text[Math.Max(0, position - 300)..Math.Min(text.Length, position + 300)];
}
