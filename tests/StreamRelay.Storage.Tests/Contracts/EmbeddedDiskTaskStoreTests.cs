namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedDiskTaskStoreTests() : TaskStoreContract(new EmbeddedFixture(Durability.Disk));
