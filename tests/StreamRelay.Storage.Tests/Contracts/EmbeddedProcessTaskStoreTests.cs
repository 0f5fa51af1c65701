namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedProcessTaskStoreTests() : TaskStoreContract(new EmbeddedFixture(Durability.Process));
