namespace StreamRelay.Postgres;

public sealed class PostgresFileContractTests() : FileStoreContract(PostgresFixture.Create());
