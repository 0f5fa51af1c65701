namespace StreamRelay.Storage.Contracts;

public sealed class MemoryTaskStoreTests() : TaskStoreContract(new MemoryFixture());
