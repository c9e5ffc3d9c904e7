using System.Collections.Generic;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Names that are about one thing.</summary>
/// <param name="Title">What they are about, as a heading.</param>
/// <param name="Names">Each once.</param>
internal sealed record DnsdistTheme(string Title, IReadOnlyList<DnsdistName> Names);
