/*
 * redact: what is left out of texts before they are handed over: the local parts of e-mail addresses
 * ("*@example.com") and the host bits of IP addresses ("192.0.2.0/24", "2001:db8::/64"), wherever they stand
 * in a text. Names of reports and digests of originals stay. Only for src/query.
 */
#ifndef DMARCQ_QUERY_REDACT_H
#define DMARCQ_QUERY_REDACT_H

#include "base/column.h"

struct redact;

struct redact *redact_new(bool local_parts, bool host_bits);
/* Before each row; texts and lists of the row before are gone then. */
void redact_begin(struct redact *redact);
/* Changes the cells of these columns. A source_ip that is no address is left out as a whole with the host
 * bits. */
void redact_cells(struct redact *redact, struct cell *cells, const struct column *columns, size_t count);
/* NULL is accepted. */
void redact_free(struct redact *redact);

#endif
