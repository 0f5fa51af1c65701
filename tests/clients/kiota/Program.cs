// A client that is made from the API document: what it says of paths, parameters, bodies and answers must hold, or this does not compile or run.
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Relay.Api;
using Relay.Api.Models;

var client = new RelayApi(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider()) { BaseUrl = args[0] });

var started = await client.V1.Tasks.PostAsync(
    new() { Agent = "probe", Input = new UntypedString("count 3 0"), SessionId = "kiota" }, request => request.Headers.Add("Idempotency-Key", "kiota-1"));
var id = started!.Id!;
Equal("kiota", started.SessionId);

var ended = await client.V1.Tasks[id].GetAsync(request => request.QueryParameters.Wait = 30);
Equal("completed", ended!.Status);

var page = await client.V1.Tasks[id].Events.GetAsync(request => (request.QueryParameters.After, request.QueryParameters.Limit) = ("1", 2));
Equal("2 output, 3 output", string.Join(", ", page!.Data!.Select(entry => $"{entry.Sequence} {entry.EventType}")));
Equal(3L, page.Next);

var list = await client.V1.Tasks.GetAsync(request => request.QueryParameters.SessionId = "kiota");
Equal(id, list!.Data!.Single().Id);

var waiting = await client.V1.Tasks.PostAsync(new() { Agent = "remote", Input = new UntypedString("x"), OperationId = "kiota-op", SessionId = "kiota-2", ToolCallId = "call" });
await client.V1.Tasks[waiting!.Id!].Events.PostAsync(new() { EventType = "output", Content = "pushed" });
var completed = await client.V1.Operations["kiota-op"].Complete.PostAsync(
    new() { Success = true, Result = new UntypedObject(new Dictionary<string, UntypedNode> { ["rows"] = new UntypedInteger(42) }) });
Equal("completed", completed!.Status);
Equal(42, ((UntypedInteger)((UntypedObject)completed.Result!).GetValue()["rows"]).GetValue());

var chat = await client.V1.Chat.Completions.PostAsync(new() { Model = "probe", Messages = [new() { Role = "user", Content = new UntypedString("count 2 0") }] });
Equal("stop", chat!.Choices!.Single().FinishReason);

var response = await client.V1.Responses.PostAsync(new() { Model = "probe", Input = new UntypedString("count 1 0"), Background = true });
var items = await client.V1.Responses[response!.Id!].Input_items.GetAsync();
Equal(1, ((UntypedArray)items!.Data!).GetValue().Count());

var message = await client.V1.Messages.PostAsync(
    new() { Model = "probe", MaxTokens = 100, Messages = [new() { Role = "user", Content = new UntypedString("count 1 0") }] });
Equal("end_turn", message!.StopReason);

var models = await client.V1.Models.GetAsync();
Equal("streamrelay", models!.Data!.Single(model => model.Id == "probe").OwnedBy);

var limits = await client.V1.Limits.GetAsync();
Equal(true, limits!.Bytes!.AdditionalData.ContainsKey("body"));

try
{
    await client.V1.Tasks["nothing"].GetAsync();
    throw new InvalidOperationException("A task that does not exist was found.");
}
catch (ApiErrorBody fault)
{
    Equal("task_not_found", fault.Error!.Code);
}

Equal(1, (await client.V1.Tasks[id].DeleteAsync())!.Deleted);

static void Equal<T>(T expected, T actual)
{
    if (!EqualityComparer<T>.Default.Equals(expected, actual))
        throw new InvalidOperationException($"Expected {expected}, got {actual}.");
}
