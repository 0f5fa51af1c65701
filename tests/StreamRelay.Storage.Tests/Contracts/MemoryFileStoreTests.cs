namespace StreamRelay.Storage.Tests;

public sealed class MemoryFileStoreTests() : FileStoreContract(new MemoryFixture());
