using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StreamRelay.TestSupport;

namespace StreamRelay.Server.Operations;

/// <summary>A server whose data folder cannot be used any more.</summary>
public sealed class DataFolderTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_full_disk_is_a_503_with_the_reason_until_there_is_space_again()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        await using var server = await StartAsync(disk.Path);
        Assert.Equal(HttpStatusCode.Created, await PostAsync(server));

        disk.Fill();
        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable);
        await RefusedAsync(server);
        using (var ready = await server.Client.GetAsync("/health/ready"))
            Assert.Contains("disk is full", (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reasons").GetProperty("streamrelay.storage").GetString());

        disk.Free();
        await ReadyAsync(server, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Created, await PostAsync(server));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_a_503_and_another_server_can_take_its_place()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;
        var data = Path.Combine(folder, "data");
        await using var server = await StartAsync(data, folder);
        Assert.Equal(HttpStatusCode.Created, await PostAsync(server));

        Directory.Delete(data, recursive: true);
        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable);
        await RefusedAsync(server);
        await using (var second = await StartAsync(data, folder))
        {
            Assert.Equal(HttpStatusCode.Created, await PostAsync(second));
            await RefusedAsync(server);
        }

        Directory.Delete(folder, recursive: true);
    }

    // On the embedded store, also where the other tests use shared stores.
    private static Task<ServerProcess> StartAsync(string data, string? folder = null) =>
        ServerProcess.StartAsync(folder ?? data, "--ConnectionStrings:Redis=", "--ConnectionStrings:Postgres=", $"--StreamRelay:DataPath={data}");

    private static Task ReadyAsync(ServerProcess server, HttpStatusCode status) => Wait.UntilAsync(async () =>
    {
        using var ready = await server.Client.GetAsync("/health/ready");
        return ready.StatusCode == status;
    }, Deadline, $"/health/ready answers {status}");

    private static async Task<HttpStatusCode> PostAsync(ServerProcess server)
    {
        using var answer = await server.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input = "count 3 0" });
        return answer.StatusCode;
    }

    private static async Task RefusedAsync(ServerProcess server)
    {
        using var answer = await server.Client.PostAsJsonAsync("/v1/tasks", new { agent = "probe", input = "count 3 0" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("storage_unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }
}
