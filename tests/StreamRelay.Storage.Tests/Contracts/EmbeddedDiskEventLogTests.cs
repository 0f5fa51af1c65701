namespace StreamRelay.Storage.Tests;

public sealed class EmbeddedDiskEventLogTests() : EventLogContract(new EmbeddedFixture(Durability.Disk));
