namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedDiskFileStoreTests() : FileStoreContract(new EmbeddedFixture(Durability.Disk));
