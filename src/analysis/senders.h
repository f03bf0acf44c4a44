/*
 * senders: known mail services by the domains that they sign with and bounce to (senders.tsv). A domain
 * belongs to the service with the longest suffix of whole labels; of equal ones the first in the file.
 */
#ifndef DMARCQ_ANALYSIS_SENDERS_H
#define DMARCQ_ANALYSIS_SENDERS_H

#include "base/text.h"

struct senders;

struct sender {
	struct str name; /* "Amazon SES" */
	struct str kind; /* mailbox, esp, forwarder, consumer (mailboxes for anyone's mail), ... */
	struct str hint; /* how to make its mail aligned, a sentence */
};

/* Reads the table that is part of the program. */
struct senders *senders_new(void);
void senders_free(struct senders *senders);
/* The service that signs with (d=), or bounces to, a domain; the other kind is asked second. NULL: none is
 * known. */
const struct sender *sender_by_dkim(const struct senders *senders, struct str domain);
const struct sender *sender_by_spf(const struct senders *senders, struct str domain);
/* The service of this name, in whatever letters. NULL: there is none. */
const struct sender *sender_by_name(const struct senders *senders, struct str name);
/* Whether it passes on what others sent: a forwarder, or a person's mailbox, which can't be made to align for
 * anyone's domain. NULL: no. */
bool sender_passes_on(const struct sender *sender);

#endif
