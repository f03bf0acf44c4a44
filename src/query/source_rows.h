/*
 * source_rows: who sends as a domain, as a function for the files of schema/sqlite/query:
 *
 * - mail_sources(domain, since, until, authentic, class): a JSON array with an array for each source that has
 * mail from since to until: its name (null: all others), its class (that of most of its mail), the others in
 * words, messages, those that pass, those of the last days, trend, first and last day, what was decided,
 * addresses, evidence, what to fix (null: nothing), 1 when it only spoofs and nothing was decided, 1 when the
 *   evidence is of mail that somebody should look at, 1 when there are more addresses.
 * class NULL: all mail, else only mail of that class (enum mail_class).
 *
 * Only for src/query.
 */
#ifndef DMARCQ_QUERY_SOURCE_ROWS_H
#define DMARCQ_QUERY_SOURCE_ROWS_H

#include "query/mail_feed.h"

struct source_rows {
	struct db *db;
	struct mail_feed *feed; /* NULL until it is asked for */
	struct err *err;        /* takes a failure, which SQL only sees as NULL; borrowed */
};

/* It must outlive the function; source_rows_free is due in any case. */
enum status source_rows_add(struct source_rows *rows, struct db *db, struct err *err);
void source_rows_free(struct source_rows *rows);

#endif
