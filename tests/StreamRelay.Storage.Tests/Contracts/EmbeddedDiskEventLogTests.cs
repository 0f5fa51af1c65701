namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedDiskEventLogTests() : EventLogContract(new EmbeddedFixture(Durability.Disk));
