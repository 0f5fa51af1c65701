namespace StreamRelay.Postgres;

public sealed class PostgresTaskContractTests() : TaskStoreContract(PostgresFixture.Create());
