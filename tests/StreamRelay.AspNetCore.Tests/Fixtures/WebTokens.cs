using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace StreamRelay.AspNetCore.Fixtures;

/// <summary>JSON Web Tokens of an application, signed with a key of this run.</summary>
internal static class WebTokens
{
    private const string Issuer = "application";

    private static readonly SymmetricSecurityKey Key = new(RandomNumberGenerator.GetBytes(32));

    /// <summary>A token of the user, who is its claim <c>sub</c>, with these claims beside it.</summary>
    public static string Create(string user, params (string Type, string Value)[] claims) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Issuer,
        Claims = claims.Append(("sub", user)).ToDictionary(claim => claim.Item1, claim => (object)claim.Item2),
        SigningCredentials = new(Key, SecurityAlgorithms.HmacSha256),
    });

    /// <summary>Accepts these tokens.</summary>
    public static void Accept(JwtBearerOptions options) =>
        options.TokenValidationParameters = new() { ValidIssuer = Issuer, ValidAudience = Issuer, IssuerSigningKey = Key };
}
