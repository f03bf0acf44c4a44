/*
 * sources: who is behind a record, and why it failed. Pure: profiles and addresses in, words out.
 *
 * The source of a record is, in this order:
 *  1. an organisation other than that of header_from whose DKIM signature (d=) passed: of several the first
 * that is a known service (senders.h), else the first. Its name is that of the service, else the
 * organisational domain of d=.
 *  2. the organisation of a domain for which SPF passed: the results of scope mfrom (or without a scope)
 * count before those of scope helo. The same names; header_from's own organisation is named by its
 * organisational domain.
 *  3. the subnet of the address: /24 for IPv4, /64 for IPv6. An address that is none stands as it came.
 * A signature of header_from's own organisation never names a service, whether it is aligned or not: anyone
 * to whom the organisation gave a key can make it.
 */
#ifndef DMARCQ_ANALYSIS_SOURCES_H
#define DMARCQ_ANALYSIS_SOURCES_H

#include "analysis/senders.h"
#include "report/profile.h"

/* The source by rules 1 and 2, borrowed from the profile or the senders; data NULL: neither applies. */
struct str source_of_profile(const struct senders *senders, const struct profile *profile);

/* How many bytes of an address of 16 (IPv4 mapped) stand for its subnet. */
size_t source_prefix(const unsigned char ip[16]);
enum { SUBNET_TEXT = 64 };
/* "192.0.2.0/24" or "2001:db8::/64" of an address of 16 bytes (IPv4 mapped); its length. */
size_t source_subnet(char to[SUBNET_TEXT], const unsigned char ip[16]);

/*
 * The DKIM and SPF result that explains best why a record is not aligned; NULL: there is none. DKIM: of
 * header_from's organisation first, then one that passed, then the first. SPF: scope mfrom or none first,
 * then helo.
 */
const struct detail *source_dkim(const struct profile *profile);
const struct detail *source_spf(const struct profile *profile);

enum { REASON_TEXT = 600 };
/* "fail example.com", "pass esp.example (not aligned)", "none" for no signature; its length. */
size_t source_dkim_words(char to[REASON_TEXT], const struct profile *profile);
/* "softfail bounce.example.net", "pass bounce.esp.example (not aligned)", "no result". */
size_t source_spf_words(char to[REASON_TEXT], const struct profile *profile);

#endif
