using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Blocks;

/// <summary>Says of a name whether it is to be blocked, with all names below it.</summary>
/// <param name="node">The name.</param>
/// <param name="self">What was answered of the name itself.</param>
/// <param name="children">What was answered of it and of all names below it.</param>
public delegate StatVerdict StatVisitor(StatNode node, in NameStatistics self, in NameStatistics children);

/// <summary>What a visitor says of a name.</summary>
/// <param name="IsBlocked">Whether it is to be blocked.</param>
/// <param name="Reason">Why; null for the rule's reason.</param>
/// <param name="Action">What is done with the queries; null for the rule's action.</param>
public readonly record struct StatVerdict(bool IsBlocked, string? Reason = null, BlockAction? Action = null);
