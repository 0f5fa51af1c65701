namespace StreamRelay.Redis.Resp;

public sealed class RedisOptionsTests
{
    [Fact]
    public void Either_form_says_the_same()
    {
        var expected = new RedisOptions
        {
            Host = "redis.example",
            Port = 6380,
            UseTls = true,
            TlsHost = "other.example",
            CaFile = "/ca.pem",
            User = "ann",
            Password = "p@ss=1",
            Database = 3,
            ClientName = "node",
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ReplyTimeout = TimeSpan.FromSeconds(2),
        };

        Assert.Equal(expected, RedisOptions.Parse("redis.example:6380, USER=ann,password=p@ss=1,ssl=true,sslHost=other.example,caFile=/ca.pem,defaultDatabase=3,name=node,connectTimeout=1000,syncTimeout=9,asyncTimeout=2000,abortConnect=false"));
        Assert.Equal(expected, RedisOptions.Parse("rediss://ann:p%40ss%3D1@redis.example:6380/3?sslhost=other.example&caFile=%2Fca.pem&name=node&connectTimeout=1000&syncTimeout=2000"));
    }

    [Theory]
    [InlineData("localhost", "localhost", 6379)]
    [InlineData("my_redis:7000", "my_redis", 7000)]
    [InlineData("[::1]:7000", "::1", 7000)]
    [InlineData("[::1]", "::1", 6379)]
    [InlineData("redis://localhost", "localhost", 6379)]
    [InlineData("redis://[::1]:7000/", "::1", 7000)]
    [InlineData("REDIS://my_redis:7000", "my_redis", 7000)]
    public void A_host_alone_is_enough(string text, string host, int port) =>
        Assert.Equal(new RedisOptions { Host = host, Port = port }, RedisOptions.Parse(text));

    [Fact]
    public void A_password_needs_no_user_and_may_have_an_at_sign()
    {
        var options = RedisOptions.Parse("redis://:a@b@localhost");

        Assert.Equal((null, "a@b", "localhost"), (options.User, options.Password, options.Host));
    }

    [Theory]
    [InlineData("", "has to begin with host[:port]")]
    [InlineData("password=secret", "has to begin with host[:port]")]
    [InlineData(":6379,password=secret", "no valid host")]
    [InlineData("host:0,password=secret", "port is not a number from 1 to 65535")]
    [InlineData("host:secret", "port is not a number from 1 to 65535")]
    [InlineData("host,password=secret,ssl=yes", "ssl is neither true nor false")]
    [InlineData("host,password=secret,defaultDatabase=-1", "database is not a number from 0")]
    [InlineData("host,password=secret,connectTimeout=5s", "connectTimeout is not a number from 1")]
    [InlineData("host,password=secret,allowAdmin=true", "unknown key, 'allowAdmin'; the known ones are user, password, ssl, sslHost, caFile, defaultDatabase, name, connectTimeout, syncTimeout, asyncTimeout, abortConnect")]
    [InlineData("host,password=a,s3cret=1", "unknown key, one; the known ones are user")]
    [InlineData("host,password=a,secret", "not key=value")]
    [InlineData("host:1,host:2", "may be named only once")]
    [InlineData("http://host", "redis:// or rediss://")]
    [InlineData("redis://secret@host", "has to be user:password@")]
    [InlineData("redis://:secret/1@host", "no valid host")]
    [InlineData("redis://:secret@host/one", "database is not a number")]
    [InlineData("redis://:secret@host?db=1", "unknown key, 'db'")]
    [InlineData("redis://:secret@", "no valid host")]
    public void A_mistake_is_named_without_the_password(string text, string expected)
    {
        var message = Assert.Throws<FormatException>(() => RedisOptions.Parse(text)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_is_not_shown()
    {
        var options = RedisOptions.Parse("redis://ann:secret@localhost/2");

        Assert.Equal("redis://ann@localhost:6379/2", options.ToString());
        Assert.Equal("redis://ann@localhost:6379/2", $"{options}");
    }
}
