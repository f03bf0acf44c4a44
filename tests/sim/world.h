/*
 * world: one domain whose truth is known: its senders and what becomes of them, forwarders and lists on the
 * way, spoofers, reporters with their habits, and an owner. scenarios.c fills it, traffic.c makes its days,
 * truth.c tells what a policy would hit, owner.c lets the owner act.
 */
#ifndef DMARCQ_SIM_WORLD_H
#define DMARCQ_SIM_WORLD_H

#include "analysis/advice.h"
#include "sim/draw.h"

enum {
	SIM_DAYS = 240, /* on which advice is asked */
	SIM_AHEAD = 90, /* that the truth looks ahead */
	SIM_ALL = SIM_DAYS + SIM_AHEAD,
	SIM_EPOCH = 20454, /* the day number of day 0: 2026-01-01 */
	SIM_NEVER = 100000,
	SIM_ENTITIES = 24,
	SIM_REPORTERS = 12,
	SIM_NAME = 64
};

/* How one message looks to a receiver (looks.c). */
enum look {
	LOOK_FULL,                    /* own server: both pass */
	LOOK_FULL_ESP,                /* service: both pass */
	LOOK_DKIM_ESP,                /* service: DKIM alone */
	LOOK_DKIM_PERM,               /* own server: DKIM passes, SPF permerror */
	LOOK_SPF,                     /* SPF alone */
	LOOK_SPF_BADKEY,              /* SPF passes, the signature fails */
	LOOK_FORWARDED,               /* DKIM survives, SPF passes for the forwarder */
	LOOK_FORWARDED_PLAIN,         /* DKIM survives, SPF fails */
	LOOK_PASSES,                  /* ---- those above pass ---- */
	LOOK_UNALIGNED = LOOK_PASSES, /* authenticated for the service or organisation alone */
	LOOK_BROKEN_OWN,              /* signature and SPF fail */
	LOOK_BROKEN_ESP,              /* signature fails, SPF passes for the service */
	LOOK_BROKEN_SPF,              /* no signature, SPF fails */
	LOOK_PERM,                    /* no signature, SPF permerror */
	LOOK_TEMP,                    /* DNS did not answer */
	LOOK_DAMAGED,                 /* forwarded, signature broken, SPF passes for the forwarder */
	LOOK_DAMAGED_PLAIN,           /* forwarded, signature broken, SPF fails */
	LOOK_UNSIGNED,                /* forwarded, was never signed */
	LOOK_LIST,                    /* a list changed it; some receivers say so */
	LOOK_SPOOF,                   /* no signature, SPF fails */
	LOOK_SPOOF_SPF,               /* SPF passes for an organisation of the spoofer's */
	LOOK_SPOOF_DKIM,              /* a forged signature of the domain's */
	LOOK_SPOOF_BOTH,              /* that, and SPF as in LOOK_SPOOF_SPF */
	LOOKS
};

/* How a sender is set up. */
enum mode {
	MODE_FULL,
	MODE_FULL_ESP,
	MODE_DKIM_ESP,
	MODE_DKIM_PERM,
	MODE_SPF,
	MODE_SPF_BADKEY,
	MODE_UNALIGNED,
	MODE_BROKEN_OWN,
	MODE_BROKEN_ESP,
	MODE_PERM,
	MODE_NOAUTH,
	MODES
};

enum role { ROLE_OWN, ROLE_SERVICE, ROLE_AGENCY, ROLE_FORWARDER, ROLE_LIST, ROLE_SPOOFER };
enum state { STATE_FIRST, STATE_TURNED, STATE_REPAIRED, STATES };

struct address {
	unsigned char ip[16];
	char text[48];
};

/* Sums over days 0..i-1 of what a sender would send in one state. */
struct tally {
	double sent[SIM_ALL + 1], lost[SIM_ALL + 1], lists[SIM_ALL + 1];
};

/* Who sends, or passes on. */
struct entity {
	enum role role;
	char domain[SIM_NAME]; /* that it signs with and bounces to */
	const char *service;   /* its name in senders.tsv; NULL: it is none */
	char selector[16];
	bool below;        /* sends as news.example.com */
	double volume;     /* messages a day, or of a run */
	int period, phase; /* days between runs; 0: every day */
	int start, end;    /* days on which it sends */
	enum mode mode, turned, repaired;
	int turn, back, fixed;  /* days from which it is turned, is as before, is repaired */
	double turned_share;    /* of its mail while turned */
	double residual, intra; /* share that fails always, and how much that comes in bursts */
	double temporary;
	double forwarded, kept,
	    rewritten;       /* share forwarded; of it with its DKIM kept; with a new return path */
	double listed;       /* share that goes through a list */
	int forwarder, list; /* entities on the way */
	size_t first_address, address_count;
	double weight[SIM_REPORTERS]; /* share of its mail that each receiver gets; the rest tells nothing */
	const struct mail_facts *facts[LOOKS][4]; /* by policy; 3: a list is told */
	struct tally *tally[STATES];
};

struct reporter {
	char org[SIM_NAME];
	double share, diligence; /* of all mail; share of days on which it reports */
	int lag;                 /* days until its report is there */
	bool authentic;
	int silent, speaks; /* says nothing from one day to before the other */
	bool tells_lists;   /* gives the reason mailing_list */
};

/* A reporter's lies: messages a day of one look of one sender. */
struct lie {
	int reporter, entity;
	enum look look;
	double volume;
	int start, end;
};

struct owner {
	bool reviews, fixes;
	int review_days, fix_days;
};

struct row {
	const struct mail_facts *facts;
	uint32_t address, reporter;
	int16_t day, known; /* of the mail; from which it is there */
	bool passes;
	uint64_t messages;
};

struct mark {
	char source[SIM_NAME * 2];
	const char *kind;
	enum mail_decision decision;
	int from;
};

struct world {
	uint64_t seed;
	const struct senders *senders;
	struct arena arena;
	struct entity entity[SIM_ENTITIES];
	size_t entity_count;
	struct reporter reporter[SIM_REPORTERS];
	size_t reporter_count;
	struct lie lie[4];
	size_t lie_count;
	struct owner owner;
	bool without_spoof; /* the same domain, left alone by spoofers */
	enum advice_policy start;
	unsigned char p[SIM_ALL], sp[SIM_ALL]; /* enum advice_policy, published on each day */
	struct address *addresses;
	size_t address_count;
	struct row *rows;
	size_t row_count, row_room;
	size_t day_row[SIM_ALL + 1];       /* the first row of each day */
	bool said[SIM_ALL][SIM_REPORTERS]; /* reported this day */
	struct mark *marks;
	size_t mark_count;
};

/* traffic.c */
struct counts {
	uint64_t sent, look[LOOKS],
	    turned; /* turned: of the look of the state STATE_TURNED, when not all is */
};
enum state entity_state(const struct entity *entity, int day);
struct counts entity_day(const struct world *world, size_t entity, int day, enum state state);
void world_ready(struct world *world); /* once, after the scenario: addresses and shares of receivers */
void world_day(struct world *world, int day);
void world_free(struct world *world);
bool entity_legitimate(const struct entity *entity);

/* looks.c */
const struct mail_facts *look_facts(
    struct world *world, struct entity *entity, enum look look, enum advice_policy p, bool told_list);

/* truth.c: share of the owner's mail of the next SIM_AHEAD days, as everything is set up on a day, that the
 * policies would hit; mail that dies at lists apart. */
struct loss {
	double direct, lists;
};
struct loss truth_ahead(struct world *world, int day, enum advice_policy p, enum advice_policy sp);
/* The same of the days before and including day, as it was: counts[0] sent, [1] lost, [2] at lists. */
struct loss truth_past(struct world *world, int day, int days, enum advice_policy p, enum advice_policy sp);
/* Which part of what the policies hit in the last week, lists apart, was of the senders that are named. */
double truth_named(struct world *world, int day, enum advice_policy p, enum advice_policy sp,
    const bool named[SIM_ENTITIES]);

/* owner.c */
/* The senders that some refusal is about. */
void owner_hears(bool named[SIM_ENTITIES], const struct world *world, const struct advice *advice,
    const struct mail_view *view);
void owner_acts(struct world *world, const struct advice *advice, const struct mail_view *view, int day);

/* scenarios.c */
struct scenario {
	const char *name, *title;
	void (*make)(struct world *world, struct draw *draw);
	bool spoof_only; /* spoofing is all that is wrong: it may block nothing */
	int weight;      /* domains of it, where others have 1 */
};
extern const struct scenario scenarios[];
extern const size_t scenario_count;

#endif
