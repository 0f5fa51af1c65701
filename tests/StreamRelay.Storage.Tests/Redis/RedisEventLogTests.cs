namespace StreamRelay.Storage.Tests;

public sealed class RedisEventLogTests() : EventLogContract(new RedisFixture());
