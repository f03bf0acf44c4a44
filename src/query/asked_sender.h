/* asked_sender: which sender a question is about: an address, a network or a source. Only for src/query. */
#ifndef DMARCQ_QUERY_ASKED_SENDER_H
#define DMARCQ_QUERY_ASKED_SENDER_H

#include "base/arena.h"
#include "store/db.h"

struct asked_sender {
	const char *kind;                /* "address", "network", "source" */
	struct str text;                 /* in its canonical form; a source as it was typed */
	bool tenant;                     /* a source that is a tenant at a provider (analysis/classify.h) */
	unsigned char low[16], high[16]; /* of a network: its first and its last address */
	struct arena arena;
};

/*
 * Reads what was typed. A network whose address has bits behind its prefix, or a prefix that is none, is
 * FATAL with exit code 64 and names the right one. asked_sender_free is due in any case.
 */
enum status asked_sender_read(struct asked_sender *sender, const char *text, struct err *err);
/* Binds the parameters :kind, :sender, :tenant, :low and :high that a statement has; valid as long as the
 * sender. */
void asked_sender_bind(const struct asked_sender *sender, struct stmt *stmt);
/* Whether it is the name of a source and no address. */
bool asked_sender_is_name(const struct asked_sender *sender);
/*
 * A name that is none of the database's becomes that of the known service, else of the organisation, whose
 * domain or name it is in whatever letters. False: it can be no source's, or is a tenant, which stands for
 * itself alone.
 */
bool asked_sender_rename(struct asked_sender *sender);
/* FATAL with exit code 64: it is no address and no network. */
enum status asked_sender_is_address(const struct asked_sender *sender, struct err *err);
/* The names of sources that are near to it, as "a, b"; "": none. The functions of query/lookup.h have to be
 * there. */
enum { ASKED_NEAR = 300 };
enum status asked_sender_near(
    char to[ASKED_NEAR], const struct asked_sender *sender, struct db *db, struct err *err);
/* FATAL with exit code 65: no source is called so; names those that are near. */
enum status asked_sender_unknown(const struct asked_sender *sender, struct db *db, struct err *err);
void asked_sender_free(struct asked_sender *sender);

#endif
