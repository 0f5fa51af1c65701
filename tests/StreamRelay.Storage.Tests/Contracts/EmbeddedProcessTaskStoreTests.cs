namespace StreamRelay.Storage.Tests;

public sealed class EmbeddedProcessTaskStoreTests() : TaskStoreContract(new EmbeddedFixture(Durability.Process));
