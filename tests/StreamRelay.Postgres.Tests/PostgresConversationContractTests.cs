namespace StreamRelay.Postgres;

public sealed class PostgresConversationContractTests() : ConversationStoreContract(PostgresFixture.Create());
