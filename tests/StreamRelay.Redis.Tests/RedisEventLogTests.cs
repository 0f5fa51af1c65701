namespace StreamRelay.Redis;

public sealed class RedisEventLogTests() : EventLogContract(new RedisFixture());
