using System;
using Xunit;

namespace Fastdist.Settings.Tests;

[Trait("Stage", "5")]
public sealed class PasswordHashTests
{
    [Fact]
    public void A_hash_fits_its_secret_only_and_never_looks_the_same_twice()
    {
        string hash = PasswordHash.Hash("sesame");

        Assert.StartsWith("$scrypt$ln=10,p=1,r=8$", hash, StringComparison.Ordinal);
        Assert.NotEqual(hash, PasswordHash.Hash("sesame"));
        Assert.True(PasswordHash.Parse(hash).Matches("sesame"));
        Assert.False(PasswordHash.Parse(hash).Matches("sesamE"));
        Assert.False(PasswordHash.Parse(hash).Matches(""));
        Assert.False(PasswordHash.Parse(hash).Matches(hash));
    }

    [Fact]
    public void Clear_text_is_hashed()
    {
        PasswordHash hash = PasswordHash.Parse("$scrypt is no hash");

        Assert.True(hash.Matches("$scrypt is no hash"));
        Assert.False(hash.Matches("$scrypt"));
    }

    // Of RFC 7914 section 12, the second vector's parameters with this length: made with Python's hashlib.scrypt.
    [Fact]
    public void Another_programs_hash_with_other_parameters_fits() =>
        Assert.True(PasswordHash.Parse("$scrypt$ln=10,p=16,r=8$TmFDbA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=").Matches("password"));

    [Theory]
    [InlineData("$scrypt$")]
    [InlineData("$scrypt$ln=10,p=1,r=8$c2FsdA==")]
    [InlineData("$scrypt$ln=10,p=1,r=8$c2FsdA==$c2hvcnQ=")]
    [InlineData("$scrypt$ln=10,p=1,r=8$$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=")]
    [InlineData("$scrypt$ln=10,p=1,r=8$!!$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=")]
    [InlineData("$scrypt$ln=10,p=1$c2FsdA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=")]
    [InlineData("$scrypt$ln=x,p=1,r=8$c2FsdA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=")]
    [InlineData("$scrypt$ln=30,p=1,r=8$c2FsdA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=")]
    [InlineData("$scrypt$ln=10,p=0,r=8$c2FsdA==$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI=")]
    public void What_begins_like_a_hash_and_is_none_is_refused(string text) => Assert.Throws<FormatException>(() => PasswordHash.Parse(text));
}
