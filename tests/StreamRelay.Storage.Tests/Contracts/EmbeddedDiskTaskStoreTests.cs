namespace StreamRelay.Storage.Tests;

public sealed class EmbeddedDiskTaskStoreTests() : TaskStoreContract(new EmbeddedFixture(Durability.Disk));
