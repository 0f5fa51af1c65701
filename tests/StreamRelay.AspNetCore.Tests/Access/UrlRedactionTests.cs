namespace StreamRelay.AspNetCore.Access;

public class UrlRedactionTests
{
    [Theory]
    [InlineData("/v1/tasks", "/v1/tasks")]
    [InlineData("/v1/tasks?state=running", "/v1/tasks?state=running")]
    [InlineData("/a?ticket=secret", "/a?ticket=***")]
    [InlineData("/a?after=3&ticket=secret&named=1", "/a?after=3&ticket=***&named=1")]
    [InlineData("/a?Ticket=secret&TICKET=secret", "/a?Ticket=***&TICKET=***")]
    [InlineData("/a?%74icket=secret", "/a?%74icket=***")]
    [InlineData("/a?ticket=secret=secret", "/a?ticket=***")]
    [InlineData("/a?ticket", "/a?ticket")]
    public void Tickets_are_hidden_however_they_are_written(string target, string logged) => Assert.Equal(logged, UrlRedaction.Redact(target));
}
