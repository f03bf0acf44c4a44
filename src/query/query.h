/*
 * query: the catalogue of questions, and their answers row by row. A question is a file question_NAME.c and
 * a file in schema/sqlite/query per section; formats, options and help follow from the entry.
 */
#ifndef DMARCQ_QUERY_QUERY_H
#define DMARCQ_QUERY_QUERY_H

#include "base/arena.h"
#include "base/column.h"
#include "base/err.h"
#include "store/db.h"
#include "store/decision.h"

/* What a question takes. */
enum takes {
	TAKES_DOMAIN = 1,    /* policy domains, else all */
	TAKES_WINDOW = 2,    /* since, until */
	TAKES_BY = 4,        /* what to group by */
	TAKES_NUMBER = 8,    /* at most so many rows */
	TAKES_ID = 16,       /* one report */
	TAKES_SENDER = 32,   /* an address, a network or a source */
	TAKES_ONLY = 64,     /* failing, passing, unknown */
	TAKES_ADDRESS = 256, /* an address or a network, or none */
	TAKES_DISK = 1024,   /* nothing, but its SQL asks for what the file takes (disk.h) */
};

/*
 * A section and its SQL, whose result columns are those of the section, in order, with four exceptions: a
 * percent takes two columns, part and whole; a bar takes three, number, other and whole; a list is given as
 * profile * 4 + enum detail_kind, or as the code of query/steps.h; a block of columns
 * is given as the id of what they tell of (block.h). Parameters, where the SQL has them:
 * :domains (JSON array of the name ids of the policy domains in scope, all of them when none was asked for),
 * :all (1: these are all), :authentic (1: authenticated reports alone), :since, :until (days), :whole (1: no
 * window was asked for, so that days which are unknown count too), :by, :only (NULL: not given), :n (0: all),
 * :id, and of a sender :kind ("address", "network", "source"), :sender, :low, :high.
 */
struct question_block;
struct question_section {
	struct section section;
	const char *sql; /* name for schema_text */
	const struct question_block *blocks;
	size_t block_count;
	/* A row of it in words, and several: who asks gets all rows and cuts (-n), the SQL does not. NULL:
	 * the SQL does, if anything. */
	const char *one, *many;
};

/* Which reports a question is about, where not aggregate reports: SQL with the parameters and columns of
 * domains.sql, span.sql and in_window.sql, and the word for them. */
struct question_about {
	const char *domains, *span, *in_window, *what;
	const char *list;     /* the command that lists them */
	const char *left_out; /* what :authentic leaves out, in words */
};

/* What an id of a question that takes one is of. */
enum query_original { ORIGINAL_OF_REPORT, ORIGINAL_OF_REJECT, ORIGINAL_OF_TLS, ORIGINAL_OF_FAILURE };

struct question {
	const char *name, *summary;
	unsigned takes;
	const struct question_about *about; /* NULL: aggregate reports */
	enum query_original original;       /* of a question that takes an id */
	uint64_t number;                    /* rows when none is asked for; 0: all */
	uint64_t screen;                    /* the same in a table, where people read; 0: number */
	int64_t days;                       /* of the window when no since is asked for; 0: all there are */
	/* Time goes on to the newest report of any domain, also for a domain of which there are none any
	 * more. */
	bool to_newest;
	/* What --by stands for when it is given as a word, or not; NULL: itself. */
	const char *(*by)(const char *asked, const struct window *window);
	const char *nothing_sql; /* gives the same for what was asked, or no row; NULL: nothing does */
	const char *nothing;     /* what no row means when there are reports; NULL: it can't be */
	const char
	    *tables; /* SQL that makes temporary tables which the sections share; NULL: there are none */
	const char *const *gathers; /* the SQL that fills them, in this order, NULL behind the last */
	const struct question_section *sections;
	size_t count;
};

/* NULL: there is no such question. */
const struct question *question_find(const char *name);

/* A number that one question takes beside what all of them take, bound to the parameter of this name. */
struct ask_number {
	const char *parameter; /* ":target_dmarc_pass" */
	int64_t value;
	bool known; /* false: NULL */
};

/*
 * What is asked. Texts as they were given on the command line; NULL: not given. A domain may hold the
 * wildcards
 * * and ?. sort names a column of the answer's rows: numbers and times begin with the largest, texts with the
 * first; a - in front turns that round.
 */
struct ask {
	const char *const *domains; /* NULL behind the last; NULL: all */
	bool subdomains;            /* and the policy domains below them */
	const char *since, *until, *by, *only, *sort;
	bool authentic; /* only what authenticated reports say (report/authentic.h) */
	int64_t number, id;
	const char *parked; /* domains that send no mail, blanks between; NULL: none */
	const struct ask_number *numbers;
	size_t number_count;
	const char *sender; /* of a question that takes one; of one that takes an address, NULL: any */
	bool redact;        /* leaves out the local parts of addresses */
	bool redact_ip;     /* leaves out the host bits of IP addresses */
};

struct answer;

/*
 * Opens the answer to a question: everything it reads is one moment of the database. Usage errors (a window
 * that is none, a column to sort by that is none) are FATAL with exit code 64; a domain that no report is
 * about is FATAL with 65 and names those that are known. A window is counted back from the newest report of
 * the domains, or of any domain where the question goes on to that. A sender that is none is a usage error; a
 * source that isn't there is FATAL with 65 and names those that are near.
 */
enum status answer_open(struct answer **answer, struct db *db, const struct question *question,
    const struct ask *ask, struct err *err);
/* The days that the answer is about. */
struct window answer_window(const struct answer *answer);
/* Goes to the i-th section of the question; *section, whose columns are titled for what was asked, is the
 * answer's. */
enum status answer_section(const struct section **section, struct answer *answer, size_t i, struct err *err);
/* The next row; *cells is NULL behind the last, else valid until the next call. */
enum status answer_next(const struct cell **cells, struct answer *answer, struct err *err);
enum { EMPTY_TEXT = 256 };
/* What --only authenticated left out, in words; "": nothing, or it was not asked for. */
enum status answer_left_out(char to[EMPTY_TEXT], struct answer *answer, struct err *err);
/* What an answer over everything counts of days that had not come when the last import began, in words; "":
 * nothing. */
enum status answer_ahead(char to[EMPTY_TEXT], struct answer *answer, struct err *err);
/* What an answer without rows means, in words. */
enum status answer_empty(char to[EMPTY_TEXT], struct answer *answer, struct err *err);
/*
 * Until the next answer_section, cells of a block are not filled in when knows(data, column, key) says that
 * the reader of the rows has no need of them.
 */
void answer_knows(struct answer *answer, bool (*knows)(void *data, size_t column, int64_t key), void *data);
/* NULL is accepted. */
void answer_close(struct answer *answer);

/*
 * The sections of the questions "export WHAT", which are for files of millions of rows, in flat memory. The
 * rows and the originals behind them, a row for each report that came in them, go into a file each, so both
 * are SHAPE_ROWS.
 */
enum export_section { EXPORT_ROWS, EXPORT_ORIGINALS, EXPORT_DOMAINS, EXPORT_DATABASE, EXPORT_SECTIONS };

/* How many reports of the scope have lost their records, and how many these were. */
enum status query_pruned(
    uint64_t *reports, uint64_t *records, struct db *db, const struct ask *ask, struct err *err);

/*
 * What a decision is about: the sender and the domains of ask, as the questions show them, in decision; texts
 * are in the arena. *seen is false when no mail came from it yet: a domain or service is then named by its
 * service or organisation, *near has the names that are near to it; what can be no source's name is FATAL
 * with exit code 65 and names those that are near. The other errors are those of answer_open.
 */
enum status query_subject(struct decision *decision, bool *seen, struct str *near, struct arena *arena,
    struct db *db, const struct ask *ask, struct err *err);

/* How many domains there are reports about. */
enum status query_domains(int64_t *count, struct db *db, struct err *err);

/* How many messages of such a sender passed DMARC in the last 90 days, in these domains. */
enum status query_passing(uint64_t *messages, const struct decision *decision, struct db *db,
    const struct ask *ask, struct err *err);

/* Whether a day is before the newest one that a report is of; false when there is none. */
enum status query_is_over(bool *over, struct db *db, int64_t day, struct err *err);

/* The original that a report came from, or a reject is; FATAL with 65 when there is no such id. */
enum status query_original(
    int64_t *original, struct db *db, enum query_original of, int64_t id, struct err *err);

/*
 * Hands over what somebody may be about to type, in the order of the alphabet: the policy domains, or the
 * sources that the newest records name. Quick: at most so many. Texts come from reports and are borrowed for
 * the time of the call.
 */
enum query_suggest { SUGGEST_DOMAINS, SUGGEST_SOURCES };
enum status query_suggest(struct db *db, enum query_suggest what, void (*take)(void *data, struct str text),
    void *data, struct err *err);

#endif
