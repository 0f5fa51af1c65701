namespace StreamRelay.Storage.Contracts;

public sealed class MemoryFileStoreTests() : FileStoreContract(new MemoryFixture());
