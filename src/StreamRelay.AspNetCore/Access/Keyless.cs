namespace StreamRelay.AspNetCore.Access;

/// <summary>Requests without a key, where they are served.</summary>
internal static class Keyless
{
    /// <summary>The owner of programs on this machine, while access is not configured.</summary>
    public const string LocalOwner = "local";

    /// <summary>The owner of everyone, with <see cref="AuthOptions.AllowAnonymous"/>.</summary>
    public const string AnonymousOwner = "anonymous";

    /// <summary>Stands for the id of their key.</summary>
    public const string Id = "";
}
