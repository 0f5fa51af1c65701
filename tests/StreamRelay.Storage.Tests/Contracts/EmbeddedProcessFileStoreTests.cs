namespace StreamRelay.Storage.Tests;

public sealed class EmbeddedProcessFileStoreTests() : FileStoreContract(new EmbeddedFixture(Durability.Process));
