using System.Text;
using StreamRelay.Conversations;

namespace StreamRelay.Storage.Contracts;

/// <summary>What every store of conversations does.</summary>
public abstract class ConversationStoreContract(IStoreFixture store) : IAsyncLifetime
{
    private const string Owner = "ada";
    private const string Id = "conv_1";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);

    private IConversationStore Conversations => store.Conversations;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task A_conversation_is_read_back_as_it_was_stored_also_after_a_restart()
    {
        await AddAsync(Id, Item("a", "ü👋"), Item("b"));
        await Conversations.SetMetadataAsync(Owner, Id, "{\"b\":2}"u8.ToArray(), None);

        await store.ReopenAsync();

        var read = (await Conversations.FindAsync(Owner, Id, None))!;
        Assert.Equal((Id, Owner, Now, Now, 2L), (read.Id, read.Owner, read.CreatedAt, read.UsedAt, read.Items));
        Assert.Equal("{\"b\":2}", Encoding.UTF8.GetString(read.Metadata.Span));
        Assert.Equal(Item("a", "ü👋").Json.Length + Item("b").Json.Length, read.Bytes);
        Assert.Empty(read.Agents);
        Assert.Equal(["a", "b"], await IdsAsync());
        Assert.Equal(Item("a", "ü👋").Json.ToArray(), (await Conversations.FindItemAsync(Owner, Id, "a", None))!.Json.ToArray());
    }

    [Fact]
    public async Task Items_are_appended_once_at_the_end_with_their_agent_and_the_time()
    {
        await AddAsync(Id, Item("a"));

        for (var times = 0; times < 2; times++)
            Assert.True(await AppendAsync(Now.AddMinutes(2), "writer", Item("b"), Item("c")));
        Assert.True(await AppendAsync(Now.AddMinutes(1), "probe", Item("d")));
        Assert.True(await AppendAsync(Now, null));

        var read = (await Conversations.FindAsync(Owner, Id, None))!;
        Assert.Equal(["a", "b", "c", "d"], await IdsAsync());
        Assert.Equal((4L, 4L * Item("a").Json.Length, Now.AddMinutes(2)), (read.Items, read.Bytes, read.UsedAt));
        Assert.Equal(["probe", "writer"], read.Agents.Order());
    }

    [Fact]
    public async Task Additions_at_the_same_time_are_not_mixed()
    {
        await AddAsync(Id);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(turn =>
            Conversations.AppendAsync(Owner, Id, new([Item($"{turn}-0"), Item($"{turn}-1"), Item($"{turn}-2")], Now), None).AsTask()));

        var ids = await IdsAsync();
        Assert.Equal(60, ids.Length);
        Assert.All(ids.Chunk(3), turn => Assert.Equal([$"{turn[0][..^2]}-0", $"{turn[0][..^2]}-1", $"{turn[0][..^2]}-2"], turn));
        Assert.Equal(60, (await Conversations.FindAsync(Owner, Id, None))!.Items);
    }

    [Fact]
    public async Task Items_are_listed_in_both_orders_from_any_item_on()
    {
        await AddAsync(Id, Item("a"), Item("b"), Item("c"));

        Assert.Equal(["a", "b"], await IdsAsync(new(null, false, 2)));
        Assert.Equal(["c"], await IdsAsync(new("b", false, 2)));
        Assert.Equal(["c", "b"], await IdsAsync(new(null, true, 2)));
        Assert.Equal(["a"], await IdsAsync(new("b", true, 2)));
        Assert.Empty(await IdsAsync(new("c", false, 2)));
        Assert.Null(await Conversations.ListAsync(Owner, Id, new("x", false, 2), None));
        Assert.Null(await Conversations.ListAsync(Owner, Id, new("\0", false, 2), None));
    }

    [Fact]
    public async Task A_deleted_item_is_gone_and_not_counted()
    {
        await AddAsync(Id, Item("a"), Item("b"), Item("c"));

        Assert.True(await Conversations.DeleteItemAsync(Owner, Id, "b", None));
        Assert.False(await Conversations.DeleteItemAsync(Owner, Id, "b", None));
        Assert.True(await Conversations.DeleteItemAsync(Owner, Id, "c", None));
        await AppendAsync(Now, null, Item("d"));

        var read = (await Conversations.FindAsync(Owner, Id, None))!;
        Assert.Equal((2L, 2L * Item("a").Json.Length), (read.Items, read.Bytes));
        Assert.Equal(["a", "d"], await IdsAsync());
        Assert.Null(await Conversations.FindItemAsync(Owner, Id, "b", None));
    }

    [Fact]
    public async Task A_conversation_of_another_owner_does_not_exist()
    {
        await AddAsync(Id, Item("a"));

        Assert.Null(await Conversations.FindAsync("bob", Id, None));
        Assert.Null(await Conversations.FindItemAsync("bob", Id, "a", None));
        Assert.Empty((await Conversations.ListAsync("bob", Id, new(null, false, 10), None))!);
        Assert.Null(await Conversations.ListAsync("bob", Id, new("a", true, 10), None));
        Assert.False(await Conversations.SetMetadataAsync("bob", Id, "{}"u8.ToArray(), None));
        Assert.False(await Conversations.AppendAsync("bob", Id, new([Item("b")], Now), None));
        Assert.False(await Conversations.DeleteItemAsync("bob", Id, "a", None));
        Assert.False(await Conversations.DeleteAsync("bob", Id, None));
        Assert.Equal(["a"], await IdsAsync());
    }

    [Fact]
    public async Task A_deleted_conversation_is_gone_with_its_items()
    {
        await AddAsync(Id, Item("a"));
        await AddAsync("conv_2", Item("a"));

        Assert.True(await Conversations.DeleteAsync(Owner, Id, None));

        Assert.False(await Conversations.DeleteAsync(Owner, Id, None));
        Assert.Null(await Conversations.FindAsync(Owner, Id, None));
        Assert.False(await AppendAsync(Now, "late", Item("b")));
        Assert.Empty(await IdsAsync());
        Assert.Equal(1, (await Conversations.FindAsync(Owner, "conv_2", None))!.Items);
    }

    [Fact]
    public async Task A_conversation_that_is_not_used_is_deleted_and_the_others_are_kept()
    {
        await AddAsync(Id, Item("a"));
        await AddAsync("conv_2", Item("a"));
        await Conversations.AppendAsync(Owner, "conv_2", new([], Now.AddHours(1)), None);

        Assert.Equal(0, await Conversations.DeleteUnusedAsync(Now, 10, None));
        Assert.Equal(1, await Conversations.DeleteUnusedAsync(Now.AddHours(1), 10, None));

        Assert.Null(await Conversations.FindAsync(Owner, Id, None));
        Assert.NotNull(await Conversations.FindItemAsync(Owner, "conv_2", "a", None));
    }

    [Fact]
    public async Task At_most_so_many_conversations_as_asked_for_are_deleted_at_once_the_oldest_first()
    {
        foreach (var id in (string[])["conv_1", "conv_2", "conv_3"])
            await AddAsync(id, Item("a"));
        await Conversations.AppendAsync(Owner, "conv_1", new([], Now.AddHours(1)), None);

        Assert.Equal(2, await Conversations.DeleteUnusedAsync(Now.AddHours(2), 2, None));

        Assert.NotNull(await Conversations.FindItemAsync(Owner, "conv_1", "a", None));
        Assert.Equal(1, await Conversations.DeleteUnusedAsync(Now.AddHours(2), 2, None));
        Assert.Equal(0, await Conversations.DeleteUnusedAsync(Now.AddHours(2), 2, None));
    }

    private static ConversationItem Item(string id, string text = "hello") => new(id, Encoding.UTF8.GetBytes($$"""{"id":"x","type":"message","text":"{{text}}"}"""));

    private ValueTask AddAsync(string id, params ConversationItem[] items) => Conversations.AddAsync(new(id, Owner, Now, "{\"a\":1}"u8.ToArray()), items, None);

    private ValueTask<bool> AppendAsync(DateTimeOffset at, string? agent, params ConversationItem[] items) =>
        Conversations.AppendAsync(Owner, Id, new(items, at) { Agent = agent }, None);

    private Task<string[]> IdsAsync() => IdsAsync(new(null, false, 100));

    private async Task<string[]> IdsAsync(ConversationItemQuery query) => [.. (await Conversations.ListAsync(Owner, Id, query, None))!.Select(item => item.Id)];
}
