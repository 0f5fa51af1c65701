namespace StreamRelay.AspNetCore.Access;

/// <summary>Marks an endpoint that can end the credentials of its own request, which is answered all the same.</summary>
internal sealed class OutlivesCaller;
