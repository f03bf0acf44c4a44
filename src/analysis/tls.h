/* tls: what the result types of TLS reports (RFC 8460 s. 4.3) mean, and what to do about them. Pure. */
#ifndef DMARCQ_ANALYSIS_TLS_H
#define DMARCQ_ANALYSIS_TLS_H

#include "base/text.h"

/* What failed, and what the owner of the mail servers does about it; NULL: it is no result type that is
 * known. */
struct tls_advice {
	const char *meaning, *advice;
};
const struct tls_advice *tls_advice(struct str result);

#endif
