/*
 * mail_known: what the ids of profiles and addresses stand for, for mail_feed.c: worked out once and
 * remembered in bounded memory. Only for src/query.
 */
#ifndef DMARCQ_QUERY_MAIL_KNOWN_H
#define DMARCQ_QUERY_MAIL_KNOWN_H

#include "analysis/classify.h"
#include "store/db.h"

/* An address as it is stored. */
struct mail_known_ip {
	struct str text;
	bool usable; /* bytes are an address, IPv4 mapped */
	unsigned char bytes[16];
};

struct mail_known;

/* The senders are borrowed. */
enum status mail_known_open(
    struct mail_known **known, struct db *db, const struct senders *senders, struct err *err);
/* NULL is accepted. */
void mail_known_close(struct mail_known *known);
/* Each is valid until the next call of the same function. */
enum status mail_known_facts(const struct mail_facts **facts, struct mail_known *known, int64_t profile,
    struct modes modes, struct err *err);
enum status mail_known_ip(
    const struct mail_known_ip **ip, struct mail_known *known, int64_t id, struct err *err);
/* Steps to the row of an id, which has to be there: FATAL otherwise. The statement is the caller's to reset.
 */
enum status mail_known_row(
    struct mail_known *known, struct stmt *stmt, const char *what, int64_t id, struct err *err);

#endif
