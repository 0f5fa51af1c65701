namespace StreamRelay.Limits;

/// <summary>A start is refused, because the tasks of its owner or key have used the tokens of the day.</summary>
public sealed class TokenLimitException(TokenUse use) : Exception(
    $"The tasks of this {use?.Of} have used {use?.Used} tokens today, of {use?.Limit} (StreamRelay:Tokens:PerDayPer{(use?.Of == "key" ? "Key" : "Owner")}). "
    + $"Try again after {use?.ResetsAt:yyyy-MM-dd'T'HH:mm:ss'Z'}.")
{
    /// <summary>The limit that is used up.</summary>
    public TokenUse Use { get; } = use ?? throw new ArgumentNullException(nameof(use));
}
