namespace StreamRelay.Storage.Tests;

public sealed class PostgresFileContractTests() : FileStoreContract(PostgresFixture.Create());
