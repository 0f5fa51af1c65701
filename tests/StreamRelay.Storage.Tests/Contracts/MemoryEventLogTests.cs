namespace StreamRelay.Storage.Tests;

public sealed class MemoryEventLogTests() : EventLogContract(new MemoryFixture());
