/*
 * mail: one policy domain's mail, put together from its rows: who sends (source), under which name
 * (header_from), of which class, on which days, by whose word. What `sources` shows and advice.h judges.
 * Pure: rows in. Within the bounds below no order of rows changes anything that is counted; beyond them it
 * decides what is counted together.
 *
 * Life: mail_new; mail_decide for each decision that holds; mail_learn for every row of the long window that
 * teaches something; mail_add for every row of the inventory window; mail_report for every day of every
 * reporter; mail_close. Then it is only read.
 *
 * Memory is bounded whatever comes: sources that are mere addresses, organisations and names beyond
 * mail_span.most, in the order in which they come, are counted together as one source or name without a text;
 * what passed before (mail_learn), known services and decided sources have their own. Far beyond that
 * (mailing.h), flows and cells are counted together, too, save that flows keep the domain's own name and
 * sources that passed; messages are never lost. Of policies each reporter has so many, and those that come
 * first count, so mail_report is called for the newest days first.
 *
 * An address that passed by aligned SPF belongs to that source with all its mail that names no other, so an
 * own server is one source whether its mail passes or not. The same holds of failing mail from a network of
 * which two addresses passed so. A tenant at a provider is a source of its own as long as it never stood
 * beside a pass of the domain's own.
 */
#ifndef DMARCQ_ANALYSIS_MAIL_H
#define DMARCQ_ANALYSIS_MAIL_H

#include "analysis/classify.h"
#include "base/arena.h"

struct mail;

struct mail_span {
	int64_t as_of;     /* the last day that counts (days since 1970-01-01 UTC) */
	int64_t days;      /* of the window of rates: 28 */
	int64_t inventory; /* days of the window of sources: 100 */
	int64_t memory;    /* days that mail_learn looks back: 180 */
	size_t most;       /* sources of a kind, and names */
};

struct mail *mail_new(
    struct str domain, const struct senders *senders, struct modes modes, const struct mail_span *span);
void mail_free(struct mail *mail); /* NULL is accepted */

/* A decision that holds on the day as_of: kind "address", "network", "source"; the text as store/decision.h
 * has it. An address goes before a network (the smaller first), a network before a source; of two about the
 * same the later call. A decided address or network is a
 * source of its own, unless the organisation behind a row is decided in the same way. A network that is
 * not-ours or a forwarder leaves out the addresses in it that pass by aligned SPF: those are decided by
 * themselves alone, or a neighbour would take an own server away. */
void mail_decide(struct mail *mail, const char *kind, struct str source, enum mail_decision decision);

/* One row: messages of one profile from one address, by one reporter on one day. */
struct mail_row {
	const struct mail_facts *facts;
	struct str ip_text;      /* as stored */
	const unsigned char *ip; /* 16 bytes, IPv4 mapped; NULL: it is no address */
	int64_t day;
	uint32_t reporter; /* of mail_reporter */
	bool authentic;    /* told by a report that is authenticated */
	uint64_t messages;
};
/* Whether mail_learn makes anything of it: it passes DMARC, or the receiver says that it was passed on. */
bool mail_teaches(const struct mail_facts *facts);
uint32_t mail_reporter(struct mail *mail, struct str org);
void mail_learn(struct mail *mail, const struct mail_row *row);
/* The flow that it was counted in; MAIL_NO_FLOW: its day is outside the inventory window. */
enum { MAIL_NO_FLOW = INT32_MAX };
uint32_t mail_add(struct mail *mail, const struct mail_row *row);
/* The same for one more row with the same facts, address and reporter, of which only the day, the reporter,
 * whether it is authentic and the messages are read: it belongs to the flow that mail_add gave for the first
 * one. */
void mail_add_to(struct mail *mail, uint32_t flow, const struct mail_row *row);

/* What a reporter's reports say was published on a day; texts are copied; data NULL: missing. */
struct mail_policy {
	struct str p, sp, np, adkim, aspf, pct, fo, testing;
};
void mail_report(
    struct mail *mail, int64_t day, uint32_t reporter, bool authentic, const struct mail_policy *policy);
void mail_close(struct mail *mail);

/* ---- what came out; everything is valid until mail_free ---- */

struct mail_source {
	struct str name; /* "Twilio SendGrid", "example.net", "192.0.2.0/24", "198.51.100.23"; data NULL: all
			    others */
	const struct sender *service;
	bool is_address; /* a subnet, network or address, and no organisation */
	enum mail_decision decision;
	bool passed;        /* in memory, by SPF or at a known service, and not by one reporter's bare word */
	bool shared;        /* its addresses also send unaligned mail for others: SPF alone proves little */
	uint64_t addresses; /* distinct; counted up to some thousands, */
	bool more_addresses; /* and there are more */
	struct str address;  /* the only one; data NULL: several */
	int64_t first, last; /* days seen, memory included */
	int64_t passed_last; /* the last day on which mail of it passed so; meaning nothing unless passed */
};

/* What a source is to be called where something is said or decided about it: where a network has but one
 * address, that address, since its neighbours may be other sources. */
struct str mail_source_text(const struct mail_source *source);

struct mail_name {
	struct str domain; /* a header_from; data NULL: all others */
	bool is_domain;    /* the policy domain itself */
};

enum mail_flag {
	FLOW_PASS = 1,        /* DMARC pass by the receiver's word */
	FLOW_DKIM = 2,        /* aligned DKIM pass */
	FLOW_SPF = 4,         /* aligned SPF pass */
	FLOW_STRICT_DKIM = 8, /* recounted: would pass if adkim=s, */
	FLOW_STRICT_SPF = 16, /* if aspf=s */
	FLOW_QUARANTINED = 32,
	FLOW_REJECTED = 64,
	FLOW_OVERRIDDEN = 128, /* the receiver gave a reason */
};

/* Messages of one source, name, class and set of flags. */
struct mail_flow {
	uint32_t source, name;
	enum mail_class class;
	unsigned flags;
	uint64_t messages;     /* of the inventory window, */
	uint64_t recent;       /* and of these in the window of rates */
	int64_t first, last;   /* in the inventory window */
	struct str evidence;   /* of its first row (mail_evidence), */
	enum mail_fault fault; /* and what that lacks, when it fails */
	bool unnamed;       /* nothing in it names its source: it is the source's by its addresses alone; */
	struct str network; /* then, the network of all of them; data NULL: there are several */
};

/* The messages of a flow on one day by one reporter. Flows that are MAIL_SPOOFED have no cells: there can be
 * millions, and nothing asks for them by day. */
struct mail_cell {
	uint32_t flow;
	uint32_t reporter;
	int32_t day; /* as_of - day: 0 is as_of, up to inventory - 1 */
	bool authentic;
	uint64_t messages;
};

struct mail_reporter {
	struct str org;
	bool big;      /* Google, Microsoft or Yahoo */
	uint32_t days; /* in the window of rates on which it reported */
	uint32_t authentic_days;
	uint64_t messages; /* in that window */
	int64_t first, last;
};

/* What was published on a day by most reporters: one voice each, its last word of a week (a tie goes to more
 * messages, then to the stricter). Another policy comes in when two reporters tell of it, or one on two days.
 */
struct mail_published {
	int64_t first, last; /* days on which reports say so without another in between */
	struct mail_policy policy;
};

struct mail_view {
	struct str domain;
	struct mail_span span;
	const struct mail_source *sources;
	size_t source_count;
	const struct mail_name *names;
	size_t name_count;
	const struct mail_flow *flows;
	size_t flow_count;
	const struct mail_cell *cells; /* by flow, then day (oldest first), then reporter */
	size_t cell_count;
	const struct mail_reporter *reporters;
	size_t reporter_count;
	const struct mail_published *published; /* newest first; what no report tells is left out */
	size_t published_count;
	const bool *reported; /* [inventory], by days before as_of: some report covers this day */
	int64_t first_day;    /* the first day of any row or report, memory included */
	bool has_authentic;   /* some report of the window of rates is authenticated */
};
const struct mail_view *mail_view(const struct mail *mail);

enum { MAIL_FIX = 600 };
/* What the owner of a domain can do about a source's mail of a class and fault, in sentences; its length, 0:
 * nothing. */
size_t mail_fix(char to[MAIL_FIX], const struct mail_source *source, enum mail_class class,
    enum mail_fault fault, struct str domain);

#endif
