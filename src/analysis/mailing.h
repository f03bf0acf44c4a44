/*
 * mailing: what the files of mail.h share. Only for src/analysis/mail*.c. Texts are in the arena; what comes
 * from outside is looked up by a hash with a secret seed.
 */
#ifndef DMARCQ_ANALYSIS_MAILING_H
#define DMARCQ_ANALYSIS_MAILING_H

#include "analysis/mail.h"
#include "base/intern.h"
#include "base/intmap.h"

enum {
	MAIL_KEY = 300,        /* bytes of a key; longer texts that begin alike are one */
	MAIL_KEYS = 4,         /* of an address that are remembered: those with the smallest hashes */
	MAIL_ADDRESSES = 4096, /* of a source that are told apart */
	MAIL_REPORTERS = 4000, /* beyond these, all are one */
	MAIL_FEW = 8,          /* times mail_span.most: sources in all, and flows */
	MAIL_MANY = 64,        /* times that: addresses, keys, networks that passed; cells by reporter */
};

/* An address from which mail passed. */
struct mail_address {
	uint64_t keys[MAIL_KEYS]; /* of signatures that passed without SPF, the smallest first; 0: none */
	uint32_t spf_source;      /* a source that it passed as by SPF */
	bool spf;                 /* passed by SPF, */
	bool sender;              /* or in a way that only a sender can */
	bool unaligned;           /* failing mail of it passed for others */
};

/* What somebody decided, and about what. */
struct mail_decided {
	enum mail_decision decision;
	struct str text;
};

/* Where a row belongs to. */
struct mail_place {
	uint32_t source;
	enum mail_decision decision;
};

/* A policy that reports tell of, and a reporter's word for it on a day. */
struct mail_vote {
	int64_t day;
	uint32_t policy, reporter;
};

struct mail {
	struct arena arena;
	struct str domain;
	const struct senders *senders;
	struct modes modes;
	struct mail_span span;
	uint64_t seed;

	/* mail_decisions.c */
	struct intern decided; /* 'a' 16 bytes, 'n' bits 16 bytes, 's' text */
	struct mail_decided *decisions;
	size_t decision_cap;
	bool bits[129]; /* lengths of networks that are decided */
	bool has_addresses;

	/* mail_sources.c */
	struct intern source_keys;
	struct mail_source *sources;
	size_t source_count, source_cap, address_count, name_sources;
	uint32_t other_source; /* UINT32_MAX: there is none yet */
	struct intern name_texts;
	struct mail_name *names;
	size_t name_count, name_cap;
	uint32_t other_name;
	struct intmap pairs; /* of a source and an address */
	struct intern addresses;
	struct mail_address *address;
	size_t address_cap;
	struct intmap spf_keys, spf_nets;

	/* mail.c */
	struct intmap flow_of, cell_of;
	struct mail_flow *flows;
	size_t flow_count, flow_cap;
	struct mail_cell *cells;
	size_t cell_count, cell_cap;

	/* mail_days.c */
	struct intern orgs;
	struct mail_reporter *reporters;
	unsigned char **told;    /* [reporter][days]: 1 reported, 2 authenticated */
	uint64_t **day_messages; /* [reporter][inventory] */
	size_t reporter_count, reporter_cap;
	struct intern policy_keys;
	struct mail_policy *policies;
	size_t policy_count, policy_cap;
	struct intmap voted;
	struct mail_vote *votes;
	size_t vote_count, vote_cap;
	struct mail_published *published;
	size_t published_count;
	bool *reported;
	int64_t first_day;
	bool has_day, has_authentic;

	struct mail_view view;
};

/* Room for one more behind count things; like mem_grow. */
void *mail_room(void *old, size_t *cap, size_t count, size_t size);
/* A number above 0 for bytes, of its own with all likelihood. */
int64_t mail_hash(const struct mail *mail, uint64_t salt, const void *bytes, size_t len);
/* Takes a day down as one of a row or report. */
void mail_saw(struct mail *mail, int64_t day);

/* What something is interned by: its sort, a letter, and some bytes. */
struct str mail_key(char to[MAIL_KEY], char sort, const void *bytes, size_t len);

/* The number of a decision that says something: about what has such a key; about an address (NULL: none),
 * else about the smallest of its networks. 0: there is none. */
size_t mail_decided(const struct mail *mail, char sort, const void *bytes, size_t len);
size_t mail_decided_address(const struct mail *mail, const unsigned char *ip);
enum mail_decision mail_decision_of(const struct mail *mail, size_t number);

/* passes: such a source always has its own entry. */
struct mail_place mail_place(struct mail *mail, const struct mail_row *row, bool passes);
uint32_t mail_name(struct mail *mail, struct str header_from);
/* The source or name of all others. */
uint32_t mail_other_source(struct mail *mail);
uint32_t mail_other_name(struct mail *mail);
void mail_history(struct mail_history *history, const struct mail *mail, const struct mail_row *row);
/* Takes down that mail of a source passed, or was there. */
void mail_passed(struct mail *mail, uint32_t source, const struct mail_row *row);
void mail_seen(struct mail *mail, uint32_t source, const struct mail_row *row, enum mail_class class);
void mail_sources_close(struct mail *mail);
void mail_sources_free(struct mail *mail);

void mail_reporter_seen(struct mail *mail, const struct mail_row *row);
void mail_days_close(struct mail *mail);
void mail_days_free(struct mail *mail);

#endif
