/*
 * advice: may a domain's policy go a step further, why, why not, and what to publish. Pure: a domain's mail
 * (mail.h) and the owner's limits in, everything else out; the same mail gives the same advice on any day.
 * The procedure, its limits and how it was tested are in docs/advice.md.
 */
#ifndef DMARCQ_ANALYSIS_ADVICE_H
#define DMARCQ_ANALYSIS_ADVICE_H

#include "analysis/mail.h"
#include "analysis/stats.h"

/* The limits, each a setting of [advice] (advice_rules.def). Shares are fractions (0.02). */
struct advice_rules {
#define RULE(name, word, to_quarantine, to_reject, unit, help) double name[2];
#include "base/advice_rules.def"
#undef RULE
	double confidence, intra;
	bool accept_lists; /* losses at mailing lists are accepted */
	bool parked;       /* the owner says that the domain sends no mail */
	bool pct;          /* steps by pct may be recommended */
	bool until;        /* reports tell of later days, too, */
	bool authentic;    /* or by others than are asked: commands that show the mail leave them out */
};
void advice_rules_default(struct advice_rules *rules);

enum advice_verdict { VERDICT_READY, VERDICT_NOT_YET, VERDICT_KEEP, VERDICT_STEP_BACK, VERDICT_NO_DATA };
const char *advice_verdict_word(enum advice_verdict verdict); /* "READY", "NOT YET", "KEEP", ... */

enum advice_policy { POLICY_NONE, POLICY_QUARANTINE, POLICY_REJECT, POLICY_UNTOLD };
const char *advice_policy_word(enum advice_policy policy);

enum advice_code {
	ADVICE_HISTORY,
	ADVICE_COVERAGE_DAYS,
	ADVICE_COVERAGE_REPORTERS,
	ADVICE_VOLUME,
	ADVICE_BOUND,
	ADVICE_SOURCE, /* own senders that fail (G6), and what could be repaired (G7) */
	ADVICE_REVIEW,
	ADVICE_NEW_SOURCE,
	ADVICE_RECENCY,
	ADVICE_TREND,
	ADVICE_SPF_ONLY,
	ADVICE_LISTS,
	ADVICE_RECORD,
	ADVICE_TEMP,
	ADVICE_ONE_REPORTER, /* the verdict rests on one reporter's word */
	ADVICE_PARKED,
	ADVICE_CODES
};
const char *advice_code_word(enum advice_code code); /* "COVERAGE-DAYS" */

struct advice_gate {
	enum advice_code code;
	double value, limit;
	bool is_share; /* value and limit are fractions */
	bool at_least; /* value has to be at least limit; else at most */
	bool ok;
	bool warns;      /* not ok is told, and stops nothing (G12 to quarantine, G13 to quarantine) */
	struct str text; /* the gate in words: "reported days of 28" */
};

struct advice_refusal {
	enum advice_code code;
	bool warns;
	bool has_source;
	bool others;        /* it stands for all senders that are not told one by one */
	bool crowd;         /* or for the many small ones that nobody knows */
	bool decides;       /* ends when the owner decides about the source; else when it is repaired */
	bool mended;        /* what the source sent on its newest days passes again */
	bool little;        /* BOUND, and more mail alone would do */
	bool asks;          /* the fix asks whose the source is */
	bool hit;           /* and the policy of today hits its mail: if it is the owner's, it is lost now */
	uint32_t source;    /* of mail_view.sources */
	uint32_t name;      /* of mail_view.names, where it is about one; UINT32_MAX: all */
	struct str subject; /* "Twilio SendGrid", or empty */
	uint64_t messages;  /* legitimate (or to be reviewed) messages of the window that it stands for */
	double per_week, share; /* of these; share of legitimate mail */
	struct str text;        /* what is wrong, with its numbers; without the subject and a full stop */
	struct str evidence;    /* the command that shows it: "dmarcq why esp.example --domain example.com" */
	struct str fix;         /* what to do; empty: wait */
	/* How the owner says whose it is, for a shell: the likelier answer, and the other one; empty: nothing
	 * to say. */
	struct str command, otherwise;
	bool ours_first;  /* the likelier answer is that it is theirs */
	int64_t earliest; /* the first day on which it can hold, if the fix is done on as_of; 0: unknown */
};

/* A name below the domain that sends mail. */
struct advice_name {
	uint32_t name;
	enum advice_verdict verdict; /* READY, NOT YET, STEP BACK, NO DATA */
	uint64_t messages;           /* legitimate */
	double failing;
	enum advice_code code;    /* of the gate that this is about */
	struct str text;          /* what stands in its way; empty: nothing */
	struct str fix, evidence; /* what to do, and the command that shows it; empty: nothing */
	uint32_t source;          /* that this is about, of mail_view.sources */
};

struct advice {
	struct str domain;
	enum advice_verdict verdict;
	enum advice_policy from, to;
	/* STEP BACK for names below alone: what they get today, and are to get; else both untold. */
	enum advice_policy below_from, below_to;
	bool small; /* READY by the small-volume track: it rests on the owner's decisions */
	/* The TXT record to publish now (the next step, or today's), and the one that reports tell of. Both
	 * are without rua and ruf: reports don't tell them, and they stay as they are. */
	struct str record, seen;
	const struct mail_view *mail;
	int64_t first, last; /* the window */
	int64_t days;        /* of the bound: the window, or more where its volume needs them */
	double share;        /* that fails, or is to be reviewed, of the window alone */
	uint64_t reporters, legitimate, failing, review, lists, spoofed;
	struct stats_bound bound;      /* pessimistic: what is to be reviewed is the owner's */
	struct stats_bound optimistic; /* it is not */
	struct stats_bound repaired;   /* if the senders of the refusals were repaired or decided */
	double unseen;                 /* Good-Turing: share of mail from sources that were seen once */
	int64_t covers;                /* senders that mail at least every so many days are covered */
	struct advice_gate gates[ADVICE_CODES + 4];
	size_t gate_count;
	struct advice_refusal *refusals; /* the most mail repaired first */
	size_t refusal_count;
	struct advice_name *names; /* the most mail first */
	size_t name_count;
	struct str *notes; /* sentences: np, subdomains first, flips without a reporter, ... */
	size_t note_count;
	int64_t earliest; /* the first day for READY, if every fix is done on as_of; 0: unknown */
};

/* What --what-if says of a source; the source ADVICE_CROWD: of the many small senders that nobody knows and
 * that are one question. A decision is to be one of the mail, too (mail_decide): mail that nothing
 * authenticates has no days of its own else, and counts evenly from its first to its last. */
#define ADVICE_CROWD "crowd"
struct advice_change {
	struct str source;
	enum advice_change_to { CHANGE_FIXED, CHANGE_OURS, CHANGE_NOT_OURS, CHANGE_FORWARDER } to;
	bool asks; /* of a repair: its mail is to be reviewed, and not-ours would be enough, too */
};

/* Everything is in the arena or the mail. A change of a source that the mail does not have is told in a note.
 */
void advice_make(struct advice *advice, const struct mail_view *mail, const struct advice_rules *rules,
    const struct advice_change *changes, size_t change_count, struct arena *arena);

/* The smallest set of changes found (the most mail first) after which nothing but time stands in the way, or
 * there is no step back, or names below a domain that is ready are ready, too; their number. *enough: false:
 * something else than sources and time does, too, or more sources than these. Of a step back that no change
 * ends there is none. What nobody has decided about is fixed; only where that is not enough it is not-ours.
 */
enum { ADVICE_MOST_REPAIRS = 100 };
size_t advice_repairs(struct advice_change **changes, bool *enough, const struct mail_view *mail,
    const struct advice_rules *rules, struct arena *arena);

/* What a policy would have done in the window of rates, per source and class. */
struct advice_impact {
	uint32_t source;
	enum mail_class class;
	uint64_t messages; /* of it in all */
	uint64_t domain;   /* that p would have hit: header_from is the domain */
	uint64_t below;    /* that sp would have hit */
	uint64_t strict;   /* that pass now and would be hit with adkim=s and aspf=s */
	bool legitimate;
};
/* The most legitimate mail first; their number. */
size_t advice_impact(struct advice_impact **rows, const struct mail_view *mail, struct arena *arena);

#endif
