namespace StreamRelay.Postgres;

public sealed class PostgresOutboxContractTests() : OutboxContract(PostgresFixture.Create());
