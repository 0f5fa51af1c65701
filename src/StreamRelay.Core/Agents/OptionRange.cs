using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace StreamRelay.Agents;

/// <summary>Compares numbers with the limits of a <see cref="RangeAttribute"/>, which itself converts them to the type of the limits: 2.4 becomes 2, and 1e12 overflows.</summary>
internal static class OptionRange
{
    /// <summary>Whether the limits are numbers.</summary>
    public static bool HasNumbers(this RangeAttribute range) => range.Minimum is int or double;

    /// <summary>Whether a value is a number.</summary>
    public static bool IsNumber(object? value) => Type.GetTypeCode(value?.GetType()) is >= TypeCode.SByte and <= TypeCode.Decimal;

    /// <summary>Whether a number is within limits that are numbers.</summary>
    public static bool Contains(this RangeAttribute range, object number)
    {
        var (low, high) = (Compare(number, range.Minimum), Compare(number, range.Maximum));
        return low >= (range.MinimumIsExclusive ? 1 : 0) && high <= (range.MaximumIsExclusive ? -1 : 0);
    }

    private static int Compare(object number, object limit) => number is decimal exact && limit is int whole
        ? exact.CompareTo(whole)
        : Convert.ToDouble(number, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(limit, CultureInfo.InvariantCulture));
}
