namespace StreamRelay.Postgres;

public sealed class PostgresKeyStoreContractTests() : KeyStoreContract(PostgresFixture.Create());
