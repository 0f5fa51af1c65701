namespace StreamRelay.Storage.Tests;

public sealed class MemoryTaskStoreTests() : TaskStoreContract(new MemoryFixture());
