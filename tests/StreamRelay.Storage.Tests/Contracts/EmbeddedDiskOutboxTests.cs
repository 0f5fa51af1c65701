namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedDiskOutboxTests() : OutboxContract(new EmbeddedFixture(Durability.Disk));
