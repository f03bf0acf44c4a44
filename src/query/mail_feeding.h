/*
 * mail_feeding: what the files of mail_feed.h share. Only for src/query/mail_*.c.
 */
#ifndef DMARCQ_QUERY_MAIL_FEEDING_H
#define DMARCQ_QUERY_MAIL_FEEDING_H

#include "base/intmap.h"
#include "query/mail_feed.h"
#include "query/mail_known.h"

struct mail_feed {
	struct db *db;
	struct mail_known *known;
	struct senders *senders;
	struct stmt *reports, *modes, *decisions, *name, *reporter, *policy;
	struct arena policy_arena;
	struct intmap policies;  /* -> struct mail_policy; of one domain */
	struct intmap reporters; /* -> number of mail_reporter; of one domain */
	struct mail_rows *rows;
	struct arena arena;
	struct mail_supposed {
		const char *kind;
		struct str source;
		enum mail_decision decision;
	} * supposed;
	size_t supposed_count, supposed_room;

	/* what is being read */
	struct mail *mail;
	struct modes modes_now;
};

/* The number of a reporter in the mail that is being read. */
enum status mail_feed_reporter(uint32_t *number, struct mail_feed *feed, int64_t id, struct err *err);

/* ---- the roll-up (mail_rows.c) */

enum status mail_rows_open(struct mail_rows **rows, struct db *db, struct err *err);
/* NULL is accepted. */
void mail_rows_close(struct mail_rows *rows);
/* All rows of a domain's windows: first what passed before, then the mail. */
enum status mail_rows_read(
    struct mail_feed *feed, int64_t domain, const struct mail_span *span, bool authentic, struct err *err);

#endif
