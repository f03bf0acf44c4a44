/*
 * tlsrpt: SMTP TLS reports (RFC 8460 s. 4.4) as they come in the wild. Bytes in, a report out: it knows
 * nothing of streams, mails or stores.
 */
#ifndef DMARCQ_PARSE_TLSRPT_H
#define DMARCQ_PARSE_TLSRPT_H

#include "base/limits.h"
#include "report/tls.h"

/* Whether the first bytes hold one of the names that only a TLS report has. */
bool tlsrpt_is_likely(const unsigned char *head, size_t len);

/* Where the next document begins behind blanks and byte order marks, from *at on; false: nothing follows. */
bool tlsrpt_seek(size_t *at, struct str text);

/*
 * Reads the document at *at, which is moved behind it, or behind everything when no further document follows:
 * that is noted as a repair. *report is the arena's. SKIP: it is JSON, and no TLS report; BAD: it is not
 * JSON; LIMIT: a limit of base/limits.def; the latter with line and column ("3:18") or the place in the tree.
 */
enum status tlsrpt_parse(struct tls_report **report, struct str text, size_t *at, const struct limits *limits,
    struct arena *arena, struct err *err);

#endif
