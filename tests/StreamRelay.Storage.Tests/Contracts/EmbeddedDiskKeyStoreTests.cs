namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedDiskKeyStoreTests() : KeyStoreContract(new EmbeddedFixture(Durability.Disk));
