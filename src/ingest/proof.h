/* proof: who sent a mail, and what the servers that are believed say of that. */
#ifndef DMARCQ_INGEST_PROOF_H
#define DMARCQ_INGEST_PROOF_H

#include "message/message.h"
#include "report/authentic.h"

/*
 * Reads From, and the Authentication-Results fields that are to be believed (RFC 8601 s. 5): those of the
 * servers in trusted, a list of authserv-ids with blanks between, "-" for those without one; NULL: none is.
 * Each server writes its fields on top of what is there, so
 *
 * - above the first Received field all of them are,
 *
 * - below Received fields of the same servers (by the organisation of the host behind "by", or no public host
 *   there) the first one that tells of DMARC, DKIM or SPF is, if there was none of its id above,
 *
 * - below any other Received field, or when there is no Received at all, none is.
 *
 * Texts are in the arena.
 */
void proof_read(struct proof *proof, struct message *message, const char *trusted, struct arena *arena);

#endif
