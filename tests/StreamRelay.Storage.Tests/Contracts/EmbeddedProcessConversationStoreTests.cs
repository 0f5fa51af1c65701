namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedProcessConversationStoreTests() : ConversationStoreContract(new EmbeddedFixture(Durability.Process));
