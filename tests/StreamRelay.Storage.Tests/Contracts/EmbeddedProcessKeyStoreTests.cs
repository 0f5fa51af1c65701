namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedProcessKeyStoreTests() : KeyStoreContract(new EmbeddedFixture(Durability.Process));
