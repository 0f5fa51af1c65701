using StackExchange.Redis;

namespace StreamRelay.Redis.Connection;

/// <summary>Tests both forms of <c>ConnectionStrings:Redis</c>, with valid and invalid values.</summary>
public sealed class RedisConnectionStringTests
{
    [Theory]
    [InlineData("redis.example:6380, USER=ann,password=p@ss=1,ssl=true,sslHost=other.example,defaultDatabase=3,name=node,connectTimeout=1000,syncTimeout=9,asyncTimeout=2000,abortConnect=false")]
    [InlineData("rediss://ann:p%40ss%3D1@redis.example:6380/3?sslhost=other.example&name=node&connectTimeout=1000&asyncTimeout=2000")]
    public void Both_forms_set_the_same_options(string text)
    {
        var options = RedisConnectionString.Parse(text);

        Assert.Equal("redis.example:6380", RedisConnection.Describe(options));
        Assert.Equal((true, "other.example", "ann", "p@ss=1", 3), (options.Ssl, options.SslHost, options.User, options.Password, options.DefaultDatabase));
        Assert.Equal(("node", 1000, 2000), (options.ClientName, options.ConnectTimeout, options.AsyncTimeout));
    }

    [Theory]
    [InlineData("localhost", "localhost:0")]
    [InlineData("my_redis:7000", "my_redis:7000")]
    [InlineData("[::1]:7000", "[::1]:7000")]
    [InlineData("one:1,two:2,serviceName=relay", "one:1, two:2")]
    [InlineData("redis://localhost", "localhost:6379")]
    [InlineData("redis://[::1]:7000/", "[::1]:7000")]
    [InlineData("REDIS://my_redis:7000", "my_redis:7000")]
    [InlineData("redis://one:1,two:2?serviceName=relay", "one:1, two:2")]
    [InlineData("redis://one?serviceName=relay", "one:0")]
    public void A_string_of_servers_alone_is_valid(string text, string expected) => Assert.Equal(expected, RedisConnection.Describe(RedisConnectionString.Parse(text)));

    [Fact]
    public void A_password_can_be_given_without_a_user_and_can_contain_an_at_sign()
    {
        var options = RedisConnectionString.Parse("redis://:a@b@localhost");

        Assert.Equal((null, "a@b"), (options.User, options.Password));
    }

    [Fact]
    public void Settings_have_defaults_that_the_string_can_override()
    {
        var (plain, given) = (RedisConnectionString.Parse("host"), RedisConnectionString.Parse("host,keepAlive=7,configCheckSeconds=9,connectRetry=4,syncTimeout=900"));

        Assert.Equal((5_000, 5_000, 10, 10, 1), (plain.ConnectTimeout, plain.AsyncTimeout, plain.KeepAlive, plain.ConfigCheckSeconds, plain.ConnectRetry));
        Assert.Equal((900, 7, 9, 4), (given.AsyncTimeout, given.KeepAlive, given.ConfigCheckSeconds, given.ConnectRetry));
        Assert.Equal(("", ""), (plain.TieBreaker, plain.ConfigurationChannel));
    }

    [Theory]
    [InlineData("", "has to begin with host[:port]")]
    [InlineData("password=secret", "has to begin with host[:port]")]
    [InlineData(":6379,password=secret", "no valid host")]
    [InlineData("host:0,password=secret", "port is not a number from 1 to 65535")]
    [InlineData("host:secret", "port is not a number from 1 to 65535")]
    [InlineData("host,password=secret,ssl=perhaps", "ssl has a value that is not allowed")]
    [InlineData("host,password=secret,defaultDatabase=-1", "database is not a number from 0")]
    [InlineData("host,password=secret,connectTimeout=5s", "connectTimeout has a value that is not allowed")]
    [InlineData("host,password=secret,pasword=secret", "unknown key, 'pasword'")]
    [InlineData("host,password=a,s3cret=1", "unknown key, one; the known ones are those of StackExchange.Redis and caFile")]
    [InlineData("host,password=a,secret", "not key=value")]
    [InlineData("host,password=secret,caFile=/missing.pem", "caFile cannot be read: Could not find file '/missing.pem'")]
    [InlineData("http://host", "redis:// or rediss://")]
    [InlineData("redis://secret@host", "has to be user:password@")]
    [InlineData("redis://:secret/1@host", "no valid host")]
    [InlineData("redis://:secret@host/one", "database is not a number")]
    [InlineData("redis://:secret@host?db=1", "unknown key, 'db'")]
    [InlineData("redis://:secret@", "no valid host")]
    public void An_invalid_part_is_named_without_the_password(string text, string expected)
    {
        var message = Assert.Throws<FormatException>(() => RedisConnectionString.Parse(text)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_that_the_server_has_renamed_can_be_mapped()
    {
        var options = RedisConnectionString.Parse("host,$INFO=SHOW");

        Assert.Contains("$INFO=SHOW", options.CommandMap.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(CommandMap.Default, options.CommandMap);
    }
}
