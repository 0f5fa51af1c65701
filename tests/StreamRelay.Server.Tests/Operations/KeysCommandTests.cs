using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using StreamRelay.AspNetCore.Access;

namespace StreamRelay.Server.Operations;

/// <summary>The command <c>keys</c> against a running server.</summary>
public sealed partial class KeysCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Keys_are_made_listed_and_revoked_and_last_over_a_restart()
    {
        string admin;
        using (var app = Start())
        {
            var (code, text) = await RunAsync(app, null, "new", "--owner", "operator", "--scopes", "admin");
            Assert.Equal(0, code);
            admin = Key().Match(text).Value;
            Assert.Equal(1, (await RunAsync(app, null, "list")).Code);
        }

        using var restarted = Start();
        var (_, made) = await RunAsync(restarted, admin, "new", "--owner", "ada", "--note", "her laptop");
        restarted.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key().Match(made).Value);
        Assert.Equal(HttpStatusCode.OK, (await restarted.Client.GetAsync("/v1/tasks")).StatusCode);
        Assert.Matches("key_[0-9a-f]{16}  owner ada .*her laptop", (await RunAsync(restarted, admin, "list")).Text);
        Assert.Equal(0, (await RunAsync(restarted, admin, "revoke", Id().Match(made).Value)).Code);
        Assert.Equal(HttpStatusCode.Unauthorized, (await restarted.Client.GetAsync("/v1/tasks")).StatusCode);
    }

    [Fact]
    public async Task An_application_has_the_routes_of_keys_below_its_prefix()
    {
        var (key, hash) = ApiKey.Create();
        await using var shop = await SampleProcess.StartAsync(
            "embedding", "Embedding.dll", "--StreamRelay:Auth:Keys:0:Owner=operator", $"--StreamRelay:Auth:Keys:0:Hash={hash}", "--StreamRelay:Auth:Keys:0:Scopes:0=admin");

        var (code, text) = await RunAsync(new Uri(shop.Client.BaseAddress!, "/ai"), key, "new", "--owner", "carol");

        Assert.Equal(0, code);
        Assert.Contains("owner carol", text);
    }

    [Theory]
    [InlineData]
    [InlineData("new")]
    [InlineData("new", "--owner")]
    [InlineData("list", "--colour", "blue")]
    [InlineData("remove", "key_1")]
    public async Task Wrong_arguments_print_the_usage(params string[] args)
    {
        using var output = new StringWriter();

        Assert.Equal(2, await KeysCommand.RunAsync(args, output));
        Assert.Contains("Usage: keys new --owner NAME", output.ToString());
    }

    private static Task<(int Code, string Text)> RunAsync(RelayApp app, string? key, params string[] args) => RunAsync(app.Address, key, args);

    private static async Task<(int Code, string Text)> RunAsync(Uri address, string? key, params string[] args)
    {
        Environment.SetEnvironmentVariable("STREAMRELAY_KEY", key);
        using var output = new StringWriter();
        var code = await KeysCommand.RunAsync([.. args, "--url", address.ToString()], output);
        return (code, output.ToString());
    }

    [GeneratedRegex("sr-[A-Za-z0-9_-]+")]
    private static partial Regex Key();

    [GeneratedRegex("key_[0-9a-f]{16}")]
    private static partial Regex Id();

    private RelayApp Start() => new(new() { ["ConnectionStrings:Redis"] = "", ["ConnectionStrings:Postgres"] = "" }, _folder);
}
