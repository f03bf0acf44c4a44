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
	MAIL_FEW = 8,          /* times mail_span.most: sources in all, and flows that anyone can make */
	MAIL_MANY = 64,        /* times that: addresses, keys, networks that passed; cells by reporter */
};

/* Who tells of something, and on how many days. */
struct mail_voice {
	uint32_t reporter;  /* the first */
	int16_t day[2];     /* days before as_of, the first two */
	unsigned char days; /* different ones; counted up to 3 */
	bool several, authentic;
};

/* An address from which mail passed. */
struct mail_address {
	uint64_t keys[MAIL_KEYS]; /* of signatures that passed without SPF, the smallest first; 0: none */
	uint32_t spf_source;      /* a source that it passed as by SPF */
	bool sender;              /* passed in a way that only a sender can */
	bool unaligned;           /* failing mail of it passed for others */
	/* Passes by SPF, else at a known service, else by DKIM. */
	struct mail_voice by_spf, by_service, by_key;
};

/* A network from which mail passed by SPF. */
struct mail_net {
	uint64_t address; /* a hash of the first of its addresses */
	uint32_t spf_source;
	bool several; /* addresses */
	struct mail_voice voice;
};

/* A tenant at a provider that stood beside a pass of the domain's own. */
struct mail_tenant {
	struct mail_voice by_spf, by_key;
};

/* What is remembered of a source: passes by SPF or at a known service; passes by an own signature otherwise,
 * or mail that a receiver calls passed on. */
struct mail_trust {
	struct mail_voice passes, relays;
};

/* What somebody decided, and about what. */
struct mail_decided {
	enum mail_decision decision;
	bool is_network; /* of more than one address */
	struct str text;
};

/* Where a row belongs to. */
struct mail_place {
	uint32_t source;
	enum mail_decision decision;
	bool unnamed; /* the source is that of its address alone */
};

/* A policy that reports tell of, and a reporter's word for it on a day. */
struct mail_vote {
	int64_t day;
	uint32_t policy, reporter;
};

/* How much a reporter told of policies. */
struct mail_voter {
	uint32_t policies, votes;
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

	/* mail_memory.c */
	struct mail_trust *trust; /* of each source */
	size_t trust_cap;
	struct intern addresses;
	struct mail_address *address;
	size_t address_cap;
	struct intmap spf_keys, net_of;
	struct mail_net *nets;
	size_t net_count, net_cap;
	struct intern tenant_names;
	struct mail_tenant *tenants;
	size_t tenant_count, tenant_cap;

	/* mail.c */
	struct intmap flow_of, cell_of;
	struct mail_flow *flows;
	size_t flow_count, flow_cap, doubtful_flows;
	struct mail_cell *cells;
	size_t cell_count, cell_cap;

	/* mail_days.c */
	struct intern orgs;
	struct mail_reporter *reporters;
	unsigned char **told;    /* [reporter][days]: 1 reported, 2 authenticated */
	uint64_t **day_messages; /* [reporter][inventory] */
	size_t reporter_count, reporter_cap;
	struct mail_voter *voters; /* [reporter] */
	size_t voter_cap;
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
/* What is remembered of a source by its name; NULL: nothing. */
const struct mail_trust *mail_trust_of(const struct mail *mail, struct str name);
void mail_saw_source(struct mail *mail, uint32_t source, int64_t day);
/* Takes down that mail of a source was there. */
void mail_seen(struct mail *mail, uint32_t source, const struct mail_row *row, enum mail_class class);
void mail_sources_close(struct mail *mail);
void mail_sources_free(struct mail *mail);

/* Takes down that mail of a source passed. */
void mail_passed(struct mail *mail, uint32_t source, const struct mail_row *row);
/* Takes down that a receiver calls its source a list or forwarder. */
void mail_told(struct mail *mail, const struct mail_row *row);
void mail_history(struct mail_history *history, const struct mail *mail, const struct mail_row *row);
/* Whether the address of a row passes by aligned SPF, now or before. */
bool mail_passes_by_spf(const struct mail *mail, const struct mail_row *row);
/* The source as which the address of a row passes by SPF, or that of a failing row two other addresses of its
 * network; UINT32_MAX: none. */
uint32_t mail_owner(const struct mail *mail, const struct mail_row *row);
/* Whether the tenant of a row stood beside passes of the domain's own. */
bool mail_tenant_own(const struct mail *mail, const struct mail_row *row);
/* Whether more than one reporter's bare word stands for it, or there is but one. */
bool mail_is_sure(const struct mail *mail, const struct mail_voice *voice);
struct str mail_address_key(char to[MAIL_KEY], const struct mail_row *row);
struct mail_address *mail_find_address(const struct mail *mail, const struct mail_row *row);
void mail_memory_free(struct mail *mail);

void mail_reporter_seen(struct mail *mail, const struct mail_row *row);
void mail_days_close(struct mail *mail);
void mail_days_free(struct mail *mail);

#endif
