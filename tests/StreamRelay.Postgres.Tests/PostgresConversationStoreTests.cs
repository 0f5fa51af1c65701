using Npgsql;

namespace StreamRelay.Postgres;

public sealed class PostgresConversationStoreTests : PostgresTests
{
    [Fact]
    public async Task A_conversation_that_is_being_used_is_not_waited_for_when_old_ones_are_deleted()
    {
        await using var store = await OpenAsync();
        foreach (var id in (string[])["conv_1", "conv_2"])
            await store.Conversations.AddAsync(new(id, "ada", SampleEntries.Start, "{}"u8.ToArray()), [], None);
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var use = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("select 1 from streamrelay.conversations where id = 'conv_1' for update", connection, use);
        await command.ExecuteScalarAsync();

        Assert.Equal(1, await store.Conversations.DeleteUnusedAsync(SampleEntries.Start.AddHours(1), 10, None).AsTask().WaitAsync(Deadline));

        await use.CommitAsync();
        Assert.NotNull(await store.Conversations.FindAsync("ada", "conv_1", None));
        Assert.Equal(1, await store.Conversations.DeleteUnusedAsync(SampleEntries.Start.AddHours(1), 10, None));
    }
}
