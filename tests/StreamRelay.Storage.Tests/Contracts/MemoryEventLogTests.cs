namespace StreamRelay.Storage.Contracts;

public sealed class MemoryEventLogTests() : EventLogContract(new MemoryFixture());
