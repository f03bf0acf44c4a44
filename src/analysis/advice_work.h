/*
 * advice_work: what the files of advice.h share: limits of a step, checks of sums, words, and the judge that
 * goes from one to the next. For these files alone.
 */
#ifndef DMARCQ_ANALYSIS_ADVICE_WORK_H
#define DMARCQ_ANALYSIS_ADVICE_WORK_H

#include "analysis/advice_book.h"

/* ---- limits (advice_check.c): the rules for one step */

struct limits {
#define RULE(name, word, to_quarantine, to_reject, unit, help) double name;
#include "base/advice_rules.def"
#undef RULE
	double confidence, intra;
	bool accept_lists;
};
struct limits limits_of(const struct advice_rules *rules, enum advice_policy to);

/* The same with twice as much room for what fails. */
struct limits limits_doubled(const struct limits *limits);

/* ---- checks (advice_check.c): whether sums hold a limit; a bit for each code */

#define CODE_BIT(code) (1U << (code))

/* Messages of a source below which nothing is asked of it. */
double check_least(const struct limits *limits, const struct sums *sums);
bool check_source(const struct limits *limits, const struct sums *sums, const struct tally *tally);
/* One sender has more to be reviewed than one may have. */
bool check_review_one(const struct limits *limits, const struct sums *sums, const struct tally *tally);
/* Of the mail, what is to be reviewed, one by one or as a crowd. */
double check_review_share(const struct sums *sums);
bool check_review(const struct limits *limits, const struct sums *sums, const struct mail_view *mail);
/* Nothing authenticates it, and it comes day after day from the same few addresses, as a forgotten machine
 * does. */
bool check_steady(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail);
/* Whether such senders are to be asked about: not when there are many. */
bool check_asks_steady(const struct limits *limits, const struct sums *sums, const struct mail_view *mail);
bool check_new(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail);
bool check_recency(const struct limits *limits, const struct sums *sums, const struct tally *tally,
    const struct mail_view *mail);
bool check_spf_alone(const struct limits *limits, const struct sums *sums, const struct tally *tally);
/* A source that failed, and passes again: the newest day with mail of it, and the day before, know no
 * failure. */
bool check_mended(const struct tally *tally);
/* A source that passed, and fails since some days. */
bool check_turned(const struct sums *sums, const struct tally *tally);
/* Its mail passed week after week, and hardly any does in the last one: what fails now is that mail. */
bool check_stopped(const struct tally *tally);
/* The mail of all senders together passed, and fails since some days or weeks; least: messages of the last
 * week that fail. */
bool check_fell(const struct sums *sums, const struct mail_view *mail, double least);
/* Failing messages of a week from which on a turn is one. */
enum { TURNED_LEAST = 10 };

struct trend {
	double now, before; /* failing shares of the last week and of the days before it */
	double limit;       /* of what fails more: less than the owner's where chance makes less unlikely */
	bool alarm;
};
struct trend check_trend(const struct limits *limits, const struct sums *sums, const struct mail_view *mail);

/* The bound over the window, or over as many days more as the volume asked for needs; *days: how many. */
struct stats_bound check_bound(
    int64_t *days, const struct limits *limits, const struct sums *sums, const struct mail_view *mail);
/* The upper limit if the volume asked for were there: what is left is the failing alone. */
double check_upper(const struct limits *limits, struct stats_bound bound);
double check_lists_share(const struct sums *sums);
/* That, or what the inventory leaves believable where this is above the limit. */
double check_lists(const struct limits *limits, const struct sums *sums);
double check_temporary_share(const struct sums *sums);
double check_dkim_share(const struct sums *sums);
/* The codes of the gates that rates decide and that fail: bits. days: of the bound. */
unsigned check_rates(
    const struct limits *limits, const struct sums *sums, const struct mail_view *mail, int64_t days);

/* ---- policy (advice_policy.c): what reports say is published */

struct policy_state {
	enum advice_policy from, to; /* as receivers act: t=y is one step milder */
	int64_t since;               /* the first day of it, as far as reports tell */
	bool partial;                /* pct leaves some mail out */
	const struct mail_policy *seen;
};
struct policy_state policy_state(const struct mail_view *mail);
enum advice_policy policy_of(struct str word);
/* The part of the mail that a policy is for, in percent. */
enum { POLICY_ALL = 100 };
int64_t policy_pct(const struct mail_policy *policy);
/* A policy in a record with such tags: t=y, and pct=0 that it replaces (RFC 9989 A.6), ask for one step less.
 */
enum advice_policy policy_handled(enum advice_policy policy, const struct mail_policy *tags);
/* Whether the record asks for less than its p says. */
bool policy_is_milder(const struct mail_policy *policy);
/* What mail of existing and of other names below gets. */
enum advice_policy policy_below(const struct mail_policy *policy);
enum advice_policy policy_nowhere(const struct mail_policy *policy);
/* Whether mail that fails is hit by it. */
bool policy_hits(enum advice_policy policy);

/* ---- words (advice_words.c): everything is in the arena */

__attribute__((format(printf, 2, 3))) struct str words(struct arena *arena, const char *format, ...);
const char *words_text(struct arena *arena, struct str str);
const char *words_number(struct arena *arena, double value); /* "48,120" */
const char *words_count(
    struct arena *arena, double value, const char *one);    /* "1 message", "48,120 messages" */
const char *words_days(struct arena *arena, double days);   /* "1 day" */
const char *words_share(struct arena *arena, double share); /* "8.6 %", "0.06 %" */
/* Behind "at most": "8.6 %", "100 %", "0.01 %". */
const char *words_most(struct arena *arena, double share);
const char *words_limit(struct arena *arena, double share); /* "2 %", "0.5 %" */
const char *words_day(struct arena *arena, int64_t day);
/* A word for a shell: as it is, or quoted. */
const char *words_quoted(struct arena *arena, struct str str);

/* ---- the judge */

struct judge {
	const struct mail_view *mail;
	const struct advice_rules *rules;
	struct limits limits;
	struct arena *arena;
	struct arena scratch; /* for what is forgotten after each question */
	struct book book;
	struct scenario scenario;          /* the domain's own mail */
	const struct advice_change *crowd; /* what is supposed of it; NULL: nothing */
	struct sums sums;
	struct sums if_decided, if_repaired; /* the same if what the refusals ask for were done */
	struct policy_state policy;
	int64_t first_day;     /* from which on reports come */
	bool informs;          /* there is no next step: what fails is told and stops nothing */
	bool mails;            /* the owner's mail was seen */
	bool one_voice;        /* one reporter tells of too much, */
	bool voices_enough;    /* and but for that there are reporters enough */
	unsigned rates;        /* check_rates of the sums */
	bool below_mails;      /* the owner's mail, or what may be, comes from names below */
	bool below_waits;      /* and some of it is not ready */
	size_t below_doubtful; /* names below of which all is to be reviewed, */
	uint32_t doubtful;     /* and the first of them */
	bool below_back;       /* and the policy for it goes a step back */
	/* Names below, for a sentence. */
	const char *below_names;
	enum treat *repaired; /* how sources are then */
	bool *refused;        /* [sources] */
	size_t hit_below;     /* senders that are told of since the policy for names below hits them */
	struct advice *advice;
	size_t refusal_room, note_room;
};

/* (advice.c) */
struct advice_gate *judge_gate(
    struct judge *judge, enum advice_code code, double value, double limit, bool at_least);
struct advice_refusal *judge_refuse(struct judge *judge, enum advice_code code);
void judge_note(struct judge *judge, struct str note);

/* Whether the owner has decided about every sender that counts. (advice.c) */
bool judge_all_decided(const struct judge *judge);

void judge_gates(struct judge *judge);      /* advice_gates.c */
void judge_find_crowd(struct judge *judge); /* advice_crowd.c: makes the sums anew where there is one */
void judge_crowd(struct judge *judge);      /* its refusal */
void judge_sources(struct judge *judge);    /* advice_sources.c */
void judge_steady(struct judge *judge);     /* of these, only what may be a forgotten machine */
/* The refusals of senders under a name below whose mail the policy for it hits, undecided whose it is. */
void judge_hit_below(struct judge *judge, const struct sums *sums, uint32_t name);
/* A sender for whose sake a name below has to step back; legitimate: messages of the name. */
void judge_refuse_below(struct judge *judge, uint32_t name, const struct tally *tally, double legitimate);
void judge_record_lints(struct judge *judge); /* advice_record.c */
void judge_record(struct judge *judge);
void judge_names(struct judge *judge);     /* advice_names.c */
void judge_names_hit(struct judge *judge); /* senders below whose mail the policy of today hits */
void judge_name_notes(struct judge *judge);
void judge_note_nowhere(struct judge *judge); /* what np=reject would take to be safe */
void judge_reporters(struct judge *judge);    /* advice_reporters.c */
/* Why there is nothing to judge, and when there was. */
void judge_no_data(struct judge *judge);
/* The reporters that tell of most, in an array in the arena; their number, at most 20. */
size_t judge_biggest_reporters(uint32_t **reporters, struct judge *judge);
bool judge_back(struct judge *judge); /* advice_back.c */
bool judge_back_below(struct judge *judge);
void judge_repairs(struct judge *judge); /* advice_times.c */
void judge_times(struct judge *judge);

/* ---- the days of a sender (advice_dates.c) */

/* Since when a sender is there. What was before the window is not known of mail that fails, and a sender that
 * is seen in its first month may be one that mails once a month. */
const char *judge_first_text(const struct judge *judge, int64_t first);
/* Whether all of it fails since a day on which some of it does not pass any more; *passed: until when it did.
 */
bool judge_turned(int64_t *passed, const struct judge *judge, const struct tally *tally);
/* "; passed until 2026-10-02, fails since 2026-10-03"; nothing where some of it passes. */
const char *judge_since(const struct judge *judge, const struct tally *tally);
/* The days until it can end: what failed is old, and where the newest did, the sender has mailed again. Its
 * pace is a pause that came twice, since one alone may be a holiday. */
int64_t judge_days_until_mended(const struct judge *judge, const struct tally *tally);

/* Supposes a change of a sender, before the sums are made; a note when there is no such sender.
 * (advice_repairs.c) */
void judge_suppose(struct judge *judge, const struct advice_change *change);
enum treat treat_of_change(enum advice_change_to to);

/* The flow that the most of a sender's failing mail is of; NULL: none. (advice_fix.c) */
const struct mail_flow *judge_worst(const struct judge *judge, const struct tally *tally);
/* The command that shows a source's mail; recent: that in the window of rates. */
struct str judge_evidence(const struct judge *judge, const struct tally *tally, bool recent);
/* Makes the commands of all refusals show what was asked: the days, and whose reports. */
void judge_evidence_asked(struct judge *judge);
/* What to do about mail that fails; the commands that decide about it become those of the
 * refusal. */
struct str judge_source_fix(
    const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally);
/* The same of a sender whose last mail failed: what was switched off sends no mail that passes. */
struct str judge_recency_fix(
    const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally);
/* Whether such a fix asks whose it is. */
bool judge_asks_whose(const struct judge *judge, const struct tally *tally);
/* Fix and commands of a refusal about mail of which nobody knows whose it is. */
void judge_ask_whose(const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally);

/* The days of the week of which reports come, over the inventory: bits, 0 for that of as_of, 1 for the one
 * before. All of them where that can't be told. (advice_days.c) */
unsigned days_expected(const struct mail_view *mail);
/* Whether a report is expected of a day, in days before as_of (below 0: after it); of how many of the last.
 */
bool day_is_expected(unsigned expected, int64_t before);
double days_expected_of(unsigned expected, int64_t days);
/* "; there are none of Saturdays and Sundays", or nothing. */
const char *words_silent_days(const struct judge *judge, unsigned expected);
/* Days up to as_of of which reports were to be expected, and not one came. */
int64_t days_silent(const struct mail_view *mail);

/* The first day from which on reports come: half of the days at least, and by two reporters where there are
 * two. One report of long ago is no observation. (advice_reporters.c) */
int64_t judge_first_day(const struct mail_view *mail);

/* Whether one of these codes stands in the way of the step. */
unsigned judge_blocking(const struct judge *judge);

#endif
