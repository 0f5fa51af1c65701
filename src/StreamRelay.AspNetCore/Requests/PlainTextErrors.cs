namespace StreamRelay.AspNetCore.Requests;

/// <summary>Marks a route whose clients show the body of an error to the user as it is: it is then the message alone.</summary>
public sealed class PlainTextErrors;
