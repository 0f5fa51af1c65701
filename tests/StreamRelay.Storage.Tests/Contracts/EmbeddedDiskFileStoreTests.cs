namespace StreamRelay.Storage.Tests;

public sealed class EmbeddedDiskFileStoreTests() : FileStoreContract(new EmbeddedFixture(Durability.Disk));
