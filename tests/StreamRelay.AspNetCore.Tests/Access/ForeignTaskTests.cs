using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Access;

/// <summary>Requests for a task of another owner, beside requests for one that does not exist.</summary>
public sealed class ForeignTaskTests
{
    private const int Requests = 300;

    // A difference that one request shows would be several times larger; the rest is the noise of the machine.
    private const double LargestRatio = 2;

    private readonly (string Key, string Hash)[] _keys = [ApiKey.Create(), ApiKey.Create()];

    [Theory]
    [InlineData("GET", "/v1/tasks/{0}")]
    [InlineData("GET", "/v1/tasks/{0}/events")]
    [InlineData("POST", "/v1/tasks/{0}/stop")]
    [InlineData("GET", "/v1/responses/resp_{0}")]
    public async Task A_foreign_task_and_a_missing_one_get_the_same_answer_in_the_same_time(string method, string route)
    {
        await using var host = await HostApp.StartAsync([.. Keys()]);
        using var started = await host.SendAsync(HttpMethod.Post, "/v1/tasks", _keys[0].Key, JsonContent.Create(new { agent = "probe", input = "count 50 0" }));
        var foreign = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        (await host.GetAsync($"/v1/tasks/{foreign}?wait=30", _keys[0].Key)).Dispose();
        var missing = TaskId.New(TimeProvider.System).ToString();
        await AskAsync(host, method, route, foreign);
        await AskAsync(host, method, route, missing);

        List<double> times = [];
        List<double> missingTimes = [];
        for (var request = 0; request < Requests; request++)
        {
            var (answer, time) = await AskAsync(host, method, route, foreign);
            var (missingAnswer, missingTime) = await AskAsync(host, method, route, missing);
            Assert.Equal(missingAnswer, answer);
            times.Add(time);
            missingTimes.Add(missingTime);
        }

        Assert.InRange(Median(times) / Median(missingTimes), 1 / LargestRatio, LargestRatio);
    }

    /// <summary>The answer with the id replaced, and the milliseconds that it took.</summary>
    private async Task<(string Answer, double Milliseconds)> AskAsync(HostApp host, string method, string route, string id)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await host.SendAsync(new(method), route.Replace("{0}", id, StringComparison.Ordinal), _keys[1].Key);
        var body = await answer.Content.ReadAsStringAsync();
        var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("X-Request-ID" or "Date"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        return ($"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{body}".Replace(id, "ID", StringComparison.Ordinal), time);
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    private IEnumerable<(string Name, string Value)> Keys() => _keys.SelectMany((key, index) => new[]
    {
        ($"StreamRelay:Auth:Keys:{index}:Owner", $"owner{index}"), ($"StreamRelay:Auth:Keys:{index}:Hash", key.Hash),
    });
}
