namespace StreamRelay.Redis.Operations;

public sealed class OperationOptionsTests
{
    [Fact]
    public void What_is_not_set_is_named_after_the_cluster()
    {
        var cluster = new RedisStoreOptions();
        var options = new OperationOptions();
        options.FillIn(cluster);
        Assert.Equal(("streamrelay:operations", "streamrelay", cluster.Node, "streamrelay:operations:dead"), (options.Stream, options.Group, options.Consumer, options.DeadLetter));
    }

    [Fact]
    public void What_is_set_stays()
    {
        var options = new OperationOptions { Stream = "s", Consumer = "c" };
        options.FillIn(new());
        Assert.Equal(("s", "c", "s:dead"), (options.Stream, options.Consumer, options.DeadLetter));
    }
}
