using System.Net.Http.Json;
using System.Text.Json;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>Reads the one error shape.</summary>
internal static class ApiErrors
{
    /// <summary>The error object, once it is sure to have exactly its four fields.</summary>
    public static async Task<JsonElement> ErrorAsync(this HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(field => field.Name));
        return error;
    }

    public static async Task<string?> CodeAsync(this HttpResponseMessage answer) => (await answer.ErrorAsync()).GetProperty("code").GetString();
}
