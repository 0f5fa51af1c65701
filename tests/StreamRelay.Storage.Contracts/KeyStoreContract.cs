using StreamRelay.Keys;

namespace StreamRelay.Storage.Contracts;

/// <summary>What every store of API keys does.</summary>
public abstract class KeyStoreContract(IStoreFixture store) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);

    private IKeyStore Keys => store.Keys;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task Keys_are_read_back_as_they_were_stored_also_after_a_restart()
    {
        StoredKey[] added =
        [
            new(Hash('a'), "ada", ["start", "read"], ["writer", "an agent"], 60, "ada's laptop", Now, Now.AddDays(1), Now.AddHours(1)),
            new(Hash('b'), "bob", [], [], 0, null, Now.AddSeconds(1), null, null),
        ];
        foreach (var key in added)
            await Keys.AddAsync(key, CancellationToken.None);

        await store.ReopenAsync();

        var read = await Keys.ListAsync(CancellationToken.None);
        Assert.Equal(added.Select(Describe), read.Select(Describe));
    }

    [Fact]
    public async Task A_key_expires_at_the_earliest_time_that_was_set()
    {
        await Keys.AddAsync(new(Hash('a'), "ada", [], [], 0, null, Now, null, null), CancellationToken.None);

        await Keys.ExpireAsync(Hash('a'), Now.AddHours(2), CancellationToken.None);
        await Keys.ExpireAsync(Hash('a'), Now.AddHours(1), CancellationToken.None);
        await Keys.ExpireAsync(Hash('a'), Now.AddHours(3), CancellationToken.None);

        Assert.Equal(Now.AddHours(1), Assert.Single(await Keys.ListAsync(CancellationToken.None)).ExpiresAt);
    }

    [Fact]
    public async Task The_latest_use_of_each_key_is_kept()
    {
        await Keys.AddAsync(new(Hash('a'), "ada", [], [], 0, null, Now, null, null), CancellationToken.None);
        await Keys.AddAsync(new(Hash('b'), "bob", [], [], 0, null, Now.AddSeconds(1), null, null), CancellationToken.None);

        await Keys.UseAsync(new Dictionary<string, DateTimeOffset> { [Hash('a')] = Now.AddHours(2), [Hash('b')] = Now.AddHours(1) }, CancellationToken.None);
        await Keys.UseAsync(new Dictionary<string, DateTimeOffset> { [Hash('a')] = Now.AddHours(1), [Hash('c')] = Now }, CancellationToken.None);

        Assert.Equal([Now.AddHours(2), Now.AddHours(1)], (await Keys.ListAsync(CancellationToken.None)).Select(key => key.LastUsedAt));
    }

    private static string Hash(char digit) => new(digit, 64);

    private static string Describe(StoredKey key) =>
        $"{key with { Scopes = [], Agents = [] }} {string.Join('|', key.Scopes)} {string.Join('|', key.Agents)}";
}
