namespace Fastdist.Simulation.Profiles;

/// <summary>
/// Everything at once with rules, and clients ask what others have just asked, which backends are asked once. When one of those that wait for an answer is to
/// fail, and when it is asked itself, follows from the others: what is looked at is that each ends once and in time, with its own answer, and leaves nothing.
/// </summary>
internal static class Equal
{
    public static void Play(World world)
    {
        world.AsksEqual = true;
        world.Ledger.Rule = (query, reason) => query.IsOneOfSeveral ? null : world.Ledger.Judge(query, reason);
        Ruled.Play(world);
    }
}
