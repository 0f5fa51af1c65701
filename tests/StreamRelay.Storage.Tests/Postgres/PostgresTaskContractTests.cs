namespace StreamRelay.Storage.Tests;

public sealed class PostgresTaskContractTests() : TaskStoreContract(PostgresFixture.Create());
