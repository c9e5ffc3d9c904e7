using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>Judges OCSP responses (RFC 6960) before they are stapled.</summary>
internal static unsafe class OcspResponses
{
    /// <summary>Seconds by which clocks may differ; dnsdist's.</summary>
    private const int Leeway = 300;

    /// <summary>Whether a response may be stapled to a certificate now.</summary>
    /// <param name="der">The response.</param>
    /// <param name="certificate">The certificate (X509).</param>
    /// <param name="where">For the message.</param>
    /// <returns>Null when it may; else why not.</returns>
    /// <exception cref="TlsConfigurationException">It is no OCSP response.</exception>
    public static string? Judge(byte[] der, nint certificate, string where)
    {
        nint response;
        fixed (byte* bytes = der)
        {
            byte* start = bytes;
            response = OpenSsl.d2i_OCSP_RESPONSE(null, &start, der.Length);
        }

        if (response == 0)
        {
            OpenSsl.ERR_clear_error();
            throw new TlsConfigurationException($"{where}: not an OCSP response in DER");
        }

        string? objection = OpenSsl.OCSP_response_status(response) == OpenSsl.OcspSuccessful
            ? JudgeBasic(response, certificate)
            : "the responder refused to say (its status is not successful)";
        OpenSsl.OCSP_RESPONSE_free(response);
        OpenSsl.ERR_clear_error();
        return objection;
    }

    private static string? JudgeBasic(nint response, nint certificate)
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
                objection = JudgeSingle(single);
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

    private static string? JudgeSingle(nint single)
    {
        nint thisUpdate, nextUpdate;
        int status = OpenSsl.OCSP_single_get0_status(single, null, null, &thisUpdate, &nextUpdate);
        return status != OpenSsl.OcspCertificateGood ? "it says the certificate is not good"
            : OpenSsl.OCSP_check_validity(thisUpdate, nextUpdate, Leeway, -1) != 1 ? "it is not current; fetch a new one"
            : null;
    }
}
