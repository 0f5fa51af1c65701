using System.ClientModel;
using OpenAI.Chat;

var chat = new ChatClient("write_tutorial", new ApiKeyCredential("none"), new() { Endpoint = new("http://127.0.0.1:7860/v1") });
await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("MySQL")]))
{
    foreach (var part in update.ContentUpdate)
        Console.Write(part.Text);
}
