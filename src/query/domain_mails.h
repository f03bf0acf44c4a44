/* domain_mails: the mail of the policy domains that are asked for, one domain after the other
 * (analysis/mail.h). */
#ifndef DMARCQ_QUERY_DOMAIN_MAILS_H
#define DMARCQ_QUERY_DOMAIN_MAILS_H

#include "analysis/mail.h"
#include "query/query.h"

struct domain_mails;

/*
 * Of ask: domains, subdomains, since, until, authentic. Days are counted back from until, else from the
 * newest day that a report is about (mail_feed_today); nothing before since is read. Everything is one moment
 * of the database. The errors are those of answer_open. *mails is NULL on failure.
 */
enum status domain_mails_open(
    struct domain_mails **mails, struct db *db, const struct ask *ask, struct err *err);
/* Supposes a decision of all of them, as if it had been marked (mail_feed_suppose). */
void domain_mails_suppose(
    struct domain_mails *mails, const char *kind, struct str source, enum mail_decision decision);
/* How many there are. */
uint64_t domain_mails_count(const struct domain_mails *mails);
/* The next one, in the order of the alphabet, which the caller frees (mail_free); NULL behind the last. */
enum status domain_mails_next(struct mail **mail, struct domain_mails *mails, struct err *err);
/* Whether the last one goes on behind until; never without until. */
enum status domain_mails_goes_on(bool *goes_on, struct domain_mails *mails, struct err *err);
/* What it means that there is none, in words. */
enum status domain_mails_empty(char to[EMPTY_TEXT], const struct domain_mails *mails, struct err *err);
/* What is left out because only authenticated reports are asked for, in words; "": nothing. */
enum status domain_mails_left_out(char to[EMPTY_TEXT], const struct domain_mails *mails, struct err *err);
/* NULL is accepted. */
void domain_mails_close(struct domain_mails *mails);

#endif
