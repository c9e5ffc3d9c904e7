using System;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.Certificates;

/// <summary>Judges OCSP responses (RFC 6960) before they are stapled.</summary>
internal static unsafe class OcspResponses
{
    /// <summary>Seconds by which clocks may differ; dnsdist's.</summary>
    private const int Leeway = 300;

    /// <summary>Whether a response may be stapled to a certificate now, and until when.</summary>
    /// <param name="der">The response.</param>
    /// <param name="certificate">The certificate (X509).</param>
    /// <param name="now">The time.</param>
    /// <param name="until">The last moment it may be, when it may at all.</param>
    /// <returns>Null when it may; else why not.</returns>
    public static string? Judge(byte[] der, nint certificate, DateTimeOffset now, out DateTimeOffset until)
    {
        until = DateTimeOffset.MaxValue;
        nint response;
        bool isWhole;
        fixed (byte* bytes = der)
        {
            byte* at = bytes;
            response = OpenSsl.d2i_OCSP_RESPONSE(null, &at, der.Length);
            isWhole = response != 0 && at == bytes + der.Length;
        }

        string? objection = response == 0 ? "it is no OCSP response in DER, or was cut off"
            : !isWhole ? "something follows the response in it"
            : OpenSsl.OCSP_response_status(response) != OpenSsl.OcspSuccessful ? "the responder refused to say (its status is not successful)"
            : JudgeBasic(response, certificate, now, ref until);
        OpenSsl.OCSP_RESPONSE_free(response);
        OpenSsl.ERR_clear_error();
        return objection;
    }

    private static string? JudgeBasic(nint response, nint certificate, DateTimeOffset now, ref DateTimeOffset until)
    {
        nint basic = OpenSsl.OCSP_response_get1_basic(response);
        if (basic == 0)
        {
            return "it is of a kind that is not known here";
        }

        string? objection = "it is for another certificate";
        for (int i = 0; i < OpenSsl.OCSP_resp_count(basic); i++)
        {
            nint single = OpenSsl.OCSP_resp_get0(basic, i);
            if (IsFor(single, certificate))
            {
                objection = JudgeSingle(single, now, ref until);
                break;
            }
        }

        OpenSsl.OCSP_BASICRESP_free(basic);
        return objection;
    }

    private static bool IsFor(nint single, nint certificate)
    {
        nint serial;
        return OpenSsl.OCSP_id_get0_info(null, null, null, &serial, OpenSsl.OCSP_SINGLERESP_get0_id(single)) == 1
            && OpenSsl.ASN1_INTEGER_cmp(serial, OpenSsl.X509_get0_serialNumber(certificate)) == 0;
    }

    private static string? JudgeSingle(nint single, DateTimeOffset now, ref DateTimeOffset until)
    {
        nint thisUpdate, nextUpdate;
        int status = OpenSsl.OCSP_single_get0_status(single, null, null, &thisUpdate, &nextUpdate);
        if (status != OpenSsl.OcspCertificateGood)
        {
            return "it says the certificate is not good";
        }

        // Without a next update newer information is always to be had (RFC 6960 section 4.2.2.1), but this one does not expire.
        until = nextUpdate == 0 ? DateTimeOffset.MaxValue : Asn1Time.Of(nextUpdate);

        // A clock that is behind is forgiven, as dnsdist does; clients forgive nobody a response that has ended.
        return until <= now || OpenSsl.OCSP_check_validity(thisUpdate, nextUpdate, Leeway, -1) != 1 ? "it is not current; fetch a new one" : null;
    }
}
