/*
 * advice_book: a domain's mail laid out for judging it many times: with sources treated as repaired, without
 * a reporter, one name after the other. For the files of advice.h alone.
 */
#ifndef DMARCQ_ANALYSIS_ADVICE_BOOK_H
#define DMARCQ_ANALYSIS_ADVICE_BOOK_H

#include "analysis/advice.h"

/* What a message counts as. */
enum pot {
	POT_PASS, /* legitimate, and passes */
	POT_FAIL, /* legitimate, and fails */
	POT_REVIEW,
	POT_CROWD, /* to be reviewed as one */
	POT_LIST,
	POT_TEMPORARY,
	POT_SPOOFED,
	POT_OUT /* counted nowhere: untold, or passes for a source that is not the owner's */
};

/* How a source is looked at: by its decision, or as a question has it. Unproven: undecided, and what is
 * authenticated for somebody else alone is not taken for the owner's. Crowd: undecided, and one of very many.
 */
enum treat {
	TREAT_UNDECIDED,
	TREAT_OURS,
	TREAT_NOT_OURS,
	TREAT_FORWARDER,
	TREAT_FIXED,
	TREAT_UNPROVEN,
	TREAT_CROWD
};

enum pot pot_of(const struct mail_flow *flow, enum treat treat);

/* Flows in an order, those of one source next to each other. */
struct scope {
	const uint32_t *flows;
	size_t count;
};

struct book {
	const struct mail_view *mail;
	size_t *cell_start;    /* [flows + 1] */
	struct scope all, own; /* own: under the domain's own name; all where that has no mail to be judged */
	uint32_t *by_name;     /* flows by name, then source */
	size_t *name_start;    /* [names + 1] in by_name */
	bool all_is_own;
	enum treat *treats; /* [sources], by their decisions */
};
void book_open(struct book *book, const struct mail_view *mail, struct arena *arena);
struct scope book_name(const struct book *book, uint32_t name);

#define EVERY_REPORTER UINT32_MAX

struct scenario {
	const struct book *book;
	struct scope scope;
	const enum treat *treats;
	uint32_t without; /* a reporter, or EVERY_REPORTER */
	bool authentic_only;
	double recency; /* failing messages of a source's last days above which RECENCY asks about it */
};

/* Whether it looks away from who told of a cell. (advice_sums.c) */
bool scenario_leaves_out(const struct scenario *scenario, const struct mail_cell *cell);

/* One source in a scope. Days are counted back from as_of; -1: never. */
struct tally {
	uint32_t source;
	size_t first, count; /* its flows in the scope */
	/* Messages in the window of rates: */
	double legitimate, failing, review, crowd, lists, temporary, spoofed;
	double dkim, spf_alone;    /* of what passes */
	double fixable;            /* fails, authenticated for a service or the owner's tenant */
	double week, week_failing; /* of the last seven days */
	double disowned, untold;   /* passes for a sender that is not the owner's; has no verdict */
	double steady;             /* spoofed, as far as one can tell, for many days and still, */
	double steady_not_ours;    /* and the same of a sender that is marked so */
	/* In the inventory: */
	double known, known_failing; /* legitimate */
	double known_review, known_lists;
	double seen;                   /* all but spoofed and untold */
	double latest, latest_failing; /* in the last days of the source, as many as the window has; with what
					  is to be reviewed */
	int32_t last, oldest, last_failing, first_failing, last_passing;
	int32_t pauses[2]; /* the most days from one day with its mail to the next, and the second most; 0:
			      none */
	unsigned passing_weeks; /* of the window in which some of it passed: bits, 0 is the last one */
	uint32_t worst;         /* the flow with the most that fails; UINT32_MAX: none */
};

struct day_sums {
	struct stats_clusters careful; /* what is to be reviewed is the owner's, and fails */
	struct stats_clusters hopeful; /* it is not */
	/* These without the days of senders before they were repaired: */
	struct stats_clusters careful_lasting, hopeful_lasting;
	double passing, dkim, temporary, lists;
};

struct sums {
	struct tally *tallies;
	size_t count;
	struct tally all;        /* added up */
	struct day_sums *days;   /* [inventory] */
	double *by_reporter;     /* [reporters]: legitimate messages in the window, */
	double *all_by_reporter; /* and all that decide anything, in the inventory */
	double once;             /* messages of sources that were seen once */
};
/* Takes down that a source has mail on a day, the newest first. (advice_dates.c) */
void tally_seen(struct tally *tally, int32_t day);
/* Whether it mailed for as long as the window of rates, or longer than the inventory tells, and then not once
 * in three of its longest pauses, nor in the window: what failed is repaired, and has another name now, or
 * was switched off. (advice_dates.c) */
bool tally_is_gone(const struct tally *tally, const struct mail_span *span);
/* Adds up a scenario; what it holds is in the arena. (advice_sums.c) */
void sums_make(struct sums *sums, const struct scenario *scenario, struct arena *arena);

/* The clusters of days from..to (before as_of) added up. */
struct stats_clusters sums_lasting(const struct sums *sums, bool careful, int64_t from, int64_t to);
struct stats_clusters sums_clusters(const struct sums *sums, bool careful, int64_t from, int64_t to);

#endif
