using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

[Trait("Row", "A7")]
public class EditRefusalsTests
{
    private const long Now = 1_000_000;

    private static readonly InFlightEntry s_edited = new() { Edns = EdnsTraits.HasOpt, Notes = QueryNotes.IsEdited };
    private static readonly InFlightEntry s_untouched = new() { Edns = EdnsTraits.HasOpt };
    private static readonly InFlightEntry s_unedited = new() { Edns = EdnsTraits.HasOpt, Notes = QueryNotes.IsUnedited };

    private readonly EditRefusals _refusals = new();

    [Theory]
    [InlineData(Rcode.FormErr, true)]
    [InlineData(Rcode.NotImp, true)]
    [InlineData(Rcode.NoError, false)]
    [InlineData(Rcode.ServFail, false)]
    [InlineData(Rcode.Refused, false)]
    public void An_error_may_be_about_edits_where_there_are_any(Rcode rcode, bool expected)
    {
        Assert.Equal(expected, EditRefusals.IsPossible(Answer(rcode), in s_edited));
        Assert.False(EditRefusals.IsPossible(Answer(rcode), in s_unedited));
        Assert.False(EditRefusals.IsPossible(Answer(rcode), in s_untouched));
    }

    [Fact]
    public void Edits_are_left_out_for_an_hour_once_it_helped_to_leave_them_out()
    {
        Assert.False(_refusals.IsRemembered(Now));
        Assert.True(_refusals.Learn(Answer(Rcode.NXDomain), in s_unedited, Now));
        Assert.True(_refusals.IsRemembered(Now + EditRefusals.MemoryMicroseconds - 1));
        Assert.False(_refusals.IsRemembered(Now + EditRefusals.MemoryMicroseconds));
    }

    [Fact]
    public void It_is_learnt_once()
    {
        Assert.True(_refusals.Learn(Answer(Rcode.NoError), in s_unedited, Now));
        Assert.False(_refusals.Learn(Answer(Rcode.NoError), in s_unedited, Now + 1));
        Assert.False(_refusals.IsRemembered(Now + EditRefusals.MemoryMicroseconds));
    }

    [Theory]
    [InlineData(Rcode.FormErr)]
    [InlineData(Rcode.NotImp)]
    public void An_error_that_stays_is_about_the_question(Rcode rcode)
    {
        Assert.False(_refusals.Learn(Answer(rcode), in s_unedited, Now));
        Assert.False(_refusals.IsRemembered(Now));
    }

    [Fact]
    public void An_answer_to_an_edited_query_teaches_nothing()
    {
        Assert.False(_refusals.Learn(Answer(Rcode.NoError), in s_edited, Now));
        Assert.False(_refusals.IsRemembered(Now));
    }

    private static byte[] Answer(Rcode rcode) => [0, 0, 0x80, (byte)rcode, .. new byte[Header.Size - 4]];
}
