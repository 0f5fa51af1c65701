using Microsoft.AspNetCore.Authorization;

namespace StreamRelay.AspNetCore.Access;

/// <summary>While neither a key, nor a scheme of the application, nor anonymous access is configured, the request comes from a program on this machine.</summary>
internal sealed class LoopbackRequirement : IAuthorizationRequirement;
