namespace StreamRelay.AspNetCore.Errors;

/// <summary>Marks a route whose clients show the body of an error to the user: the body is then the message alone.</summary>
public sealed class PlainTextErrors;
