/*
 * phrases: what profiles, repairs and services are in words, as functions for the files of
 * schema/sqlite/query:
 *
 * - why_words(profile): why it fails (analysis/why.h)
 *
 * - spf_words(profile), dkim_words(profile): why it is not aligned (analysis/sources.h)
 *
 * - alignment_words(kind, profile, strict): kind 1 DKIM, 2 SPF; strict: the policy's mode of it
 *   (analysis/alignment.h)
 *
 * - verdict_words(profile, adkim, aspf), contradiction_words(profile, adkim, aspf): 1: strict; NULL: none
 *
 * - repair_words(code): the sentence of a repair
 *
 * - evidence_words(mail, from_domain, checked_by, results, email, org_name): why a report is authenticated
 *   or not (analysis/evidence.h); mail NULL: none carried it
 *
 * - word_near(word, name): how near they are (base/words.h), 1 when the name contains the word; NULL: not
 * near
 *
 * - service_kind(name), service_hint(name): of a known service (analysis/senders.h); NULL: it is none
 *
 * - tls_meaning(result), tls_advice(result): of a result type (analysis/tls.h); NULL: it is none
 *
 * Only for src/query.
 */
#ifndef DMARCQ_QUERY_PHRASES_H
#define DMARCQ_QUERY_PHRASES_H

#include "analysis/senders.h"
#include "query/view.h"

/* Borrowed; must outlive the database. err takes a failure, which SQL only sees as NULL. */
struct phrases {
	struct views *views;
	const struct senders *senders;
	struct err *err;
};

enum status phrases_add(struct phrases *phrases, struct db *db, struct err *err);

#endif
