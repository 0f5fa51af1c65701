using System.Net;

namespace StreamRelay.AspNetCore.Limits.Connections;

public sealed class ConnectionCountsTests
{
    [Fact]
    public void No_more_connections_than_the_limit_are_counted_until_one_is_removed()
    {
        var counts = new ConnectionCounts(2, 0);

        Assert.True(counts.TryAdd(At("192.0.2.1")));
        Assert.True(counts.TryAdd(At("192.0.2.2")));
        Assert.False(counts.TryAdd(At("192.0.2.3")));
        counts.Remove(At("192.0.2.1"));
        Assert.True(counts.TryAdd(At("192.0.2.3")));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")]
    public void An_address_however_it_is_written_has_its_own_limit(string address, string same, string other)
    {
        var counts = new ConnectionCounts(0, 1);

        Assert.True(counts.TryAdd(At(address)));
        Assert.False(counts.TryAdd(At(same)));
        Assert.True(counts.TryAdd(At(other)));
        counts.Remove(At(same));
        Assert.True(counts.TryAdd(At(address)));
    }

    [Fact]
    public void A_socket_without_an_address_is_counted_in_sum_only()
    {
        var counts = new ConnectionCounts(2, 1);

        Assert.True(counts.TryAdd(null));
        Assert.True(counts.TryAdd(null));
        Assert.False(counts.TryAdd(null));
    }

    private static IPEndPoint At(string address) => new(IPAddress.Parse(address), 1);
}
