/* decision: what somebody says of a source. A fact: it is added and stays; a later one about the same
 * replaces it. */
#ifndef DMARCQ_STORE_DECISION_H
#define DMARCQ_STORE_DECISION_H

#include "store/store.h"

struct decision {
	const char *who;
	const char *kind;          /* "address", "network", "source" */
	struct str source;         /* as the questions show it */
	const struct str *domains; /* policy domains; one decision is added for each of them */
	size_t domain_count;       /* 0: one that is for all domains */
	const char *verdict;       /* "ours", "not-ours", "forwarder", "undecided" */
	const char *note;
	bool has_until;
	int64_t until; /* the last day on which it holds */
};

/* Adds a decision, dated now, in a transaction of its own. The store is open for writing. */
enum status store_decide(struct store *store, const struct decision *decision, struct err *err);

#endif
