/*
 * mail_feed: fills a struct mail (analysis/mail.h) with what the database has of one policy domain: the
 * decisions that hold, what passed before, the mail, and the reports. What a profile says is worked out once
 * and remembered from domain to domain, in bounded memory. Only for src/query.
 */
#ifndef DMARCQ_QUERY_MAIL_FEED_H
#define DMARCQ_QUERY_MAIL_FEED_H

#include "analysis/mail.h"
#include "store/db.h"

struct mail_feed;

enum status mail_feed_open(struct mail_feed **feed, struct db *db, struct err *err);
/* NULL is accepted. */
void mail_feed_close(struct mail_feed *feed);

enum {
	MAIL_RATES = 28,      /* days of the window of rates, */
	MAIL_INVENTORY = 100, /* of that of sources, */
	MAIL_MEMORY = 180,    /* and of what passed before */
	MAIL_MOST = 5000,     /* sources of a kind: as many have to be told apart at the largest domains */
	MAIL_DAYS_MOST = 4000 /* of any window */
};

/*
 * The newest day that a report is about, of any domain. A report of a day that had not come when the last
 * import began doesn't count, or one forged date would move every window. False: there is none.
 */
enum status mail_feed_today(int64_t *day, bool *known, struct mail_feed *feed, struct err *err);

/*
 * Supposes a decision of every domain that is read from now on: it holds as if it had been marked last. kind
 * is a literal, as in mail_decide; the text is copied.
 */
void mail_feed_suppose(
    struct mail_feed *feed, const char *kind, struct str source, enum mail_decision decision);

/* What is asked of a domain, by the id of its name. authentic: authenticated reports alone. The
 * mail borrows the feed's senders, so it is freed first. */
enum status mail_feed_read(struct mail **mail, struct mail_feed *feed, int64_t domain,
    const struct mail_span *span, bool authentic, struct err *err);

#endif
