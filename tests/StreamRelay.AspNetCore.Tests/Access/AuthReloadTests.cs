using System.Net;

namespace StreamRelay.AspNetCore.Access;

/// <summary>What a running server does when the section <c>StreamRelay:Auth</c> changes.</summary>
public sealed class AuthReloadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streamrelay-");

    private static (string Key, string Hash) Key { get; } = ApiKey.Create();

    [Theory]
    [InlineData(null)]
    [InlineData("""{}""")]
    [InlineData("""{"StreamRelay":{"Auht":{"Keys":[{"Owner":"ada","Hash":"HASH"}]}}}""")]
    [InlineData("""{"StreamRelay":{"Auth":{"Kyes":[{"Owner":"ada","Hash":"HASH"}]}}}""")]
    [InlineData("""{"StreamRelay":{"Auth":{"AllowAnonymous":false}}}""")]
    [InlineData("""{"StreamRelay":{"Auth":{"AllowAnonymous":true}}}""")]
    [InlineData("""{"StreamRelay":{"Auth":{"AllowAnonymous":"perhaps"}}}""")]
    public async Task A_server_with_keys_keeps_them_when_a_change_would_leave_it_without_any(string? changed)
    {
        var file = Write("keys.json", """{"StreamRelay":{"Auth":{"Keys":[{"Owner":"ada","Hash":"HASH"}]}}}""");
        await using var app = await AccessApp.StartFromFilesAsync(file);

        if (changed is null)
            File.Delete(file);
        else
            Write("keys.json", changed);
        app.Configuration.Reload();

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(app), await StatusAsync(app, Key.Key)));
        Assert.NotEqual(0, app.Logs.Count("Error: The section StreamRelay:Auth was changed and is not used"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_parsed_leaves_the_limits_of_a_key_in_force_when_another_file_is_changed()
    {
        var keys = Write("keys.json", """{"StreamRelay":{"Auth":{"Keys":[{"Owner":"ada","Hash":"HASH"}]}}}""");
        var limits = Write("limits.json", """{"StreamRelay":{"Auth":{"Keys":[{"Agents":["probe"]}]}}}""");
        await using var app = await AccessApp.StartFromFilesAsync(keys, limits);

        Write("limits.json", """{"StreamRelay":""");
        Assert.Throws<InvalidDataException>(app.Configuration.Reload);
        File.Delete(limits);
        app.Configuration.Reload();

        using var answer = await app.SendAsync("/v1/agents/write_tutorial", Key.Key);
        Assert.Equal("false", await answer.Content.ReadAsStringAsync());
        Assert.NotEqual(0, app.Logs.Count("limits.json"));
    }

    [Fact]
    public async Task Keys_that_are_added_and_removed_are_used_at_once_while_one_is_left()
    {
        var file = Write("keys.json", """{"StreamRelay":{"Auth":{"Keys":[{"Owner":"ada","Hash":"HASH"}]}}}""");
        await using var app = await AccessApp.StartFromFilesAsync(file);
        var (key, hash) = ApiKey.Create();

        Write("keys.json", """{"StreamRelay":{"Auth":{"Keys":[{"Owner":"bob","Hash":"HASH"}]}}}""", hash);
        app.Configuration.Reload();

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(app, Key.Key), await StatusAsync(app, key)));
    }

    [Fact]
    public async Task A_server_without_keys_gets_its_first_ones_while_it_runs()
    {
        await using var app = await AccessApp.StartFromFilesAsync(Path.Combine(_folder.FullName, "keys.json"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app));

        Write("keys.json", """{"StreamRelay":{"Auth":{"Keys":[{"Owner":"ada","Hash":"HASH"}]}}}""");
        app.Configuration.Reload();

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(app), await StatusAsync(app, Key.Key)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<HttpStatusCode> StatusAsync(AccessApp app, string? key = null)
    {
        using var answer = await app.SendAsync("/v1/whoami", key);
        return answer.StatusCode;
    }

    private string Write(string name, string content, string? hash = null)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, content.Replace("HASH", hash ?? Key.Hash, StringComparison.Ordinal));
        return file;
    }
}
