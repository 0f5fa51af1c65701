
namespace StreamRelay.Redis.Operations;

public sealed class CompletionTrimTests
{
    [Fact]
    public async Task Messages_above_the_maximum_length_are_trimmed_after_every_group_has_acknowledged_them()
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Options.Batch = 1000;
        setup.Options.MaxLength = 300;
        await using var connection = RedisStores.Connection(setup.Server);
        await using var stream = new CompletionStream(connection, RedisStores.Connection(setup.Server), setup.Options);
        await stream.CreateGroupAsync(CancellationToken.None);
        await setup.Redis.SendAsync("XGROUP", "CREATE", setup.Options.Stream!, "another", "0");
        await setup.AddAsync(Enumerable.Range(0, 1000).Select(number => $"{number}"));

        // No consumer has read a message.
        Assert.Equal(0, await stream.TrimAsync(CancellationToken.None));

        var messages = await stream.ReadAsync(wait: false, CancellationToken.None);
        Assert.Equal(0, await stream.TrimAsync(CancellationToken.None));

        // One message in the middle is pending, and the other group has read the first 251.
        foreach (var message in messages.Where((_, index) => index != 550))
            await stream.AcknowledgeAsync(message, CancellationToken.None);
        await setup.Redis.SendAsync("XGROUP", "SETID", setup.Options.Stream!, "another", messages[250].Id);
        Assert.Equal(200, await stream.TrimAsync(CancellationToken.None));
        Assert.Equal(0, await stream.TrimAsync(CancellationToken.None));

        await setup.Redis.SendAsync("XGROUP", "SETID", setup.Options.Stream!, "another", "$");
        Assert.Equal(300, await stream.TrimAsync(CancellationToken.None));
        Assert.Single((await setup.Redis.SendAsync("XRANGE", setup.Options.Stream!, messages[550].Id, messages[550].Id)).ToArray());

        await stream.AcknowledgeAsync(messages[550], CancellationToken.None);
        Assert.Equal(200, await stream.TrimAsync(CancellationToken.None));
        Assert.Equal(300, (long)await setup.Redis.SendAsync("XLEN", setup.Options.Stream!));
        Assert.Equal(0, await stream.TrimAsync(CancellationToken.None));
    }
}
