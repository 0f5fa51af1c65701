namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedProcessFileStoreTests() : FileStoreContract(new EmbeddedFixture(Durability.Process));
