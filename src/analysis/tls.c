/* tls: one line for each result type. A new one is a line in the table. */
#include "analysis/tls.h"

#include <stddef.h>

static const struct {
	const char *result;
	struct tls_advice advice;
} table[] = {
    {"starttls-not-supported",
	{"the mail server did not offer STARTTLS",
	    "turn STARTTLS on at each MX host, and see that no firewall or proxy in front of it strips it"}},
    {"certificate-host-mismatch",
	{"the certificate is for other names than that of the MX host",
	    "get a certificate that names the MX host as DNS and the MTA-STS policy have it"}},
    {"certificate-expired",
	{"the certificate's time is over",
	    "renew it, have the mail server load the new one, and watch the renewal from now on"}},
    {"certificate-not-trusted",
	{"the certificate is signed by nobody whom senders trust",
	    "use a certificate of a public authority and send the intermediate certificates along"}},
    {"validation-failure",
	{"TLS failed for a reason that has no name of its own",
	    "look at the reason code, then try the MX host by hand: openssl s_client -starttls smtp"}},
    {"tlsa-invalid", {"the TLSA record does not fit the certificate",
			 "publish the TLSA record of the new certificate before it is used, and take the old "
			 "one away after"}},
    {"dnssec-invalid", {"the DNS answers are not validly signed",
			   "look at the signatures and the DS record of the zone of the MX host"}},
    {"dane-required",
	{"the sender requires DANE, and there is no usable TLSA record",
	    "publish TLSA records for each MX host in a signed zone, or agree with the sender"}},
    {"sts-policy-fetch-error",
	{"the MTA-STS policy could not be fetched", "see that https://mta-sts.DOMAIN/.well-known/mta-sts.txt "
						    "answers 200 without a redirect, or remove the "
						    "_mta-sts record"}},
    {"sts-policy-invalid",
	{"the MTA-STS policy could not be understood",
	    "look at its syntax: version, mode, mx and max_age, as text/plain (RFC 8461 s. 3.2)"}},
    {"sts-webpki-invalid", {"the web server of the MTA-STS policy has no valid certificate",
			       "renew the certificate of mta-sts.DOMAIN, which the policy is fetched from"}},
};

const struct tls_advice *
tls_advice(struct str result)
{
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (result.data != NULL && str_eq(result, table[i].result))
			return &table[i].advice;
	return NULL;
}
