using System.IO;
using System.Linq;
using Fastdist.Simulation.Profiles;
using Xunit;

namespace Fastdist.Simulation.Tests;

/// <summary>Each of the failure rules over many seeds. What fails prints a line that plays it again.</summary>
public class EndTests
{
    [Fact, Trait("Row", "F1")]
    public void Backends_that_close_after_some_answers_cost_time_and_no_query() => Played.Holds("orderly-ends");

    [Fact, Trait("Row", "F2")]
    public void Backends_that_restart_together_with_queries_in_flight_cost_none() => Played.Holds("common-restart");

    [Fact, Trait("Row", "F5")]
    public void What_comes_while_the_only_backend_restarts_waits_for_it() => Played.Holds("quick-restart");

    [Fact, Trait("Row", "F6")]
    public void A_backend_that_closes_in_order_stays_the_one_the_policy_means() => Played.Holds("primary-closes");

    [Fact, Trait("Row", "F6")]
    public void A_backend_that_closes_on_whatever_it_is_asked_costs_no_query_where_another_takes_its_turn() => Played.Holds("one-closes");

    [Fact]
    public void A_name_that_kills_backends_is_given_up_and_other_queries_survive_it() => Played.Holds("poison");

    [Fact]
    public void Backends_that_come_and_go_cost_no_query() => Played.Holds("come-and-go");

    [Fact]
    public void Settings_that_change_under_load_cost_no_query() => Played.Holds("other-settings");
}

/// <summary>The rules about answers that do not come.</summary>
public class SilenceTests
{
    [Fact, Trait("Row", "F3")]
    public void A_query_lost_on_a_busy_connection_is_answered_by_another_backend() => Played.Holds("one-lost");

    [Fact, Trait("Row", "F4")]
    public void Many_lost_queries_cost_no_other_query_and_few_connections() => Played.Holds("many-lost");

    [Fact]
    public void A_connection_that_falls_silent_costs_no_query_while_another_backend_works() => Played.Holds("silent-connections");

    [Fact, Trait("Row", "F3")]
    public void A_backend_that_turns_slow_is_not_asked_twice_for_everything() => Played.Holds("turns-slow");

    [Fact, Trait("Row", "A4")]
    public void A_slow_backend_that_is_always_up_is_waited_for() => Played.Holds("slow-up");

    [Fact]
    public void Where_all_stand_still_no_more_wait_than_may_and_the_rest_is_served_when_they_go_on() => Played.Holds("all-full");

    [Fact, Trait("Row", "A6")]
    public void Nobody_is_late_because_the_process_stood_still() => Played.Holds("stopped-process");
}

/// <summary>Backends that are asked over UDP.</summary>
public class DatagramTests
{
    [Fact]
    public void Of_ten_thousand_queries_less_than_one_fails_where_the_line_to_two_backends_loses_5_percent_each_way() => Played.Holds("lossy-pair");

    [Fact]
    public void Of_a_thousand_less_than_one_fails_where_there_is_only_one_backend() => Played.Holds("lossy-lone");

    [Fact]
    public void Of_fifty_forged_answers_a_query_none_is_taken_and_all_are_counted() => Played.Holds("forged");

    [Fact]
    public void What_does_not_fit_a_datagram_is_asked_for_over_TCP() => Played.Holds("truncated");

    [Fact]
    public void Backends_that_restart_under_load_cost_no_query() => Played.Holds("datagram-restart");

    [Fact]
    public void A_backend_that_answers_late_wrongly_or_not_costs_no_query_where_another_answers() => Played.Holds("datagram-misdeeds");

    [Fact]
    public void Nothing_is_lost_answered_twice_or_kept_whatever_happens() => Played.Holds("datagram-chaos");
}

/// <summary>Everything at once.</summary>
public class ChaosTests
{
    [Fact]
    public void Nothing_is_lost_answered_twice_or_kept_whatever_happens() => Played.Holds("chaos");

    [Fact]
    public void Rules_decide_what_they_are_to_and_nothing_they_change_on_the_way_is_seen() => Played.Holds("rules");

    [Fact]
    public void Who_is_answered_from_a_cache_gets_what_a_backend_said_to_the_same_question_before_its_time_is_over() => Played.Holds("caches");

    [Fact]
    public void Who_asks_what_another_has_asked_is_answered_as_if_it_had_been_asked_alone() => Played.Holds("equal");

    [Fact]
    public void What_a_cache_has_costs_backends_little_and_is_there_while_they_are_not() => Played.Holds("cached-outage");

    [Fact]
    public void Every_profile_is_played() => Assert.Equal(Played.Profiles, Profile.All.Count);
}

internal static class Played
{
    /// <summary>Profiles that the tests of this file name.</summary>
    public const int Profiles = 27;

    /// <summary>Plays the usual seeds of a profile.</summary>
    public static void Holds(string name)
    {
        Profile profile = Profile.All.Single(p => p.Name == name);
        var told = new StringWriter();
        int failed = new Runner(told).Play(profile, Enumerable.Range(1, profile.Seeds));
        Assert.True(failed == 0, told.ToString());
        Assert.NotEqual(0, profile.Seeds);
    }
}
