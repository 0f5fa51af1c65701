using StreamRelay.AspNetCore.Limits.Rates;
using StreamRelay.Limits;

namespace StreamRelay.AspNetCore.Limits;

/// <summary>Rates that a process counts alone.</summary>
public sealed class LocalRatesTests
{
    private static readonly LimitScope Wide = new("requests", LimitScope.OfKey, "k", 5);
    private static readonly LimitScope Narrow = new("requests", LimitScope.OfOwner, "ann", 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_one_rate_refuses_is_taken_from_none_whatever_their_order(bool isNarrowLast)
    {
        using var rates = new LocalRates();
        LimitScope[] scopes = isNarrowLast ? [Wide, Narrow] : [Narrow, Wide];
        Assert.Equal([4, 0], Ordered(rates.Take(scopes, 1), isNarrowLast));

        Assert.Equal([4, -1], Ordered(rates.Take(scopes, 1), isNarrowLast));
        Assert.Equal([4, -1], Ordered(rates.Take(scopes, 1), isNarrowLast));

        Assert.Equal([4, 0], Ordered(rates.Take(scopes, 0), isNarrowLast));
    }

    private static IEnumerable<long> Ordered(IReadOnlyList<long> left, bool isNarrowLast) => isNarrowLast ? left : left.Reverse();
}
