namespace StreamRelay.Storage.Tests.Redis;

public sealed class RedisEventLogTests() : EventLogContract(new RedisFixture());
