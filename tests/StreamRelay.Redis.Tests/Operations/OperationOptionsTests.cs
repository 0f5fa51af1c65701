namespace StreamRelay.Redis.Operations;

public sealed class OperationOptionsTests
{
    [Fact]
    public void Options_that_are_not_set_get_names_from_the_cluster_options()
    {
        var cluster = new RedisStoreOptions();
        var options = new OperationOptions();
        options.FillIn(cluster);
        Assert.Equal(("streamrelay:operations", "streamrelay", cluster.Node, "streamrelay:operations:dead"), (options.Stream, options.Group, options.Consumer, options.DeadLetter));
    }

    [Fact]
    public void Options_that_are_set_keep_their_values()
    {
        var options = new OperationOptions { Stream = "s", Consumer = "c" };
        options.FillIn(new());
        Assert.Equal(("s", "c", "s:dead"), (options.Stream, options.Consumer, options.DeadLetter));
    }
}
