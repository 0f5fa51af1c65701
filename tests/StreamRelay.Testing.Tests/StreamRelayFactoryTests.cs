using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.Storage;

namespace StreamRelay.Testing;

/// <summary>A test starts an application and is its client.</summary>
public sealed class StreamRelayFactoryTests
{
    [Fact]
    public async Task A_client_of_the_application_runs_its_agent_over_real_connections()
    {
        using var app = new StreamRelayFactory<Program>();
        using var client = app.CreateRelayClient();

        var task = await client.StartAsync("greet", "hi");
        var text = string.Concat(await client.ReadAsync(task.Id).Where(streamed => streamed.Type == "output").Select(streamed => streamed.Content).ToListAsync());

        Assert.Equal("Hello!", text);
        Assert.Equal("127.0.0.1", app.Address.Host);
        using var http = app.CreateHttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/models")).StatusCode);
        using var own = app.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public void Applications_have_folders_of_their_own_which_are_deleted_with_them()
    {
        string[] folders;
        using (var first = new StreamRelayFactory<Program>())
        using (var second = new StreamRelayFactory<Program>())
        {
            Assert.NotEqual(first.Address, second.Address);
            folders = [Folder(first), Folder(second), Folder(first.WithWebHostBuilder(static _ => { }))];
            Assert.All(folders, folder => Assert.True(File.Exists(Path.Combine(folder, "streamrelay.db"))));
        }

        Assert.Equal(3, folders.Distinct().Count());
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder)));
    }

    [Fact]
    public async Task Settings_of_a_test_precede_those_of_the_application()
    {
        await using var app = new StreamRelayFactory<Program> { Settings = { ["StreamRelay:Limits:StreamsPerKey"] = "7", ["StreamRelay:DefaultAgent"] = "greet" } };
        using var client = app.CreateRelayClient();

        var task = await client.WaitAsync((await client.StartAsync(new(null, "hi"))).Id);

        Assert.Equal("greet", task.Agent);
        var limits = app.Services.GetRequiredService<IOptions<LimitOptions>>().Value;
        Assert.Equal((7, 0), (limits.StreamsPerKey, limits.RequestsPerMinutePerKey));
    }

    private static string Folder(WebApplicationFactory<Program> app) => app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.DataPath;
}
