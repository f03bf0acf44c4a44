/* writer: what the parts of the store that write share; private to this folder. */
#ifndef DMARCQ_STORE_WRITER_H
#define DMARCQ_STORE_WRITER_H

#include "report/authentic.h"
#include "report/period.h"
#include "report/personal.h"
#include "report/profile.h"
#include "store/cache.h"
#include "store/store.h"
#include "store/turn.h"

enum statement {
#define STATEMENT(name, file) SQL_##name,
#include "store/statement.def"
#undef STATEMENT
	STATEMENTS
};

/* Words of the table name whose id is part of the schema. */
enum { NAME_UNKNOWN = 1, NAME_PASS = 2, NAME_FAIL = 3, NAME_QUARANTINE = 5, NAME_REJECT = 6 };

/* One record as it is stored. */
struct row {
	int64_t profile, ip;
	uint64_t messages;
	enum outcome outcome;
	enum action action;
};

/* Messages by what they met. */
struct tally {
	int64_t messages, passed, failed, failed_quarantined, failed_rejected;
};

/* Times of files are kept in milliseconds: two bytes less a file, and finer than any change that matters. */
enum { FILE_TIME_NS = 1000000 };

enum { ROWS_KEPT = 16384, CHUNK_BYTES = 1048576, CHUNKS_PER_ORIGINAL = 65536 };

/* Next ids; only valid inside a transaction. */
struct ids {
	int64_t file, original, arrival, report, record, tls;
};

/* Under which a report is found again. */
struct key {
	int64_t hash, reporter, domain;
};

/* report.state. */
enum { STATE_COUNTED = 1, STATE_CONFLICT = 2, STATE_PRUNED = 3 };

/* What was found under a report's key. */
enum verdict {
	VERDICT_NEW,
	VERDICT_DUPLICATE,
	VERDICT_CUT,
	VERDICT_REPLACE,
	VERDICT_CONFLICT,
	VERDICT_GONE, /* it was pruned, and only the original that it shares with others is still here */
};
struct found {
	enum verdict verdict;
	int64_t id, state, arrival, first_record;
	enum authentic authentic;
	uint64_t records, messages;
	char place[512]; /* of the one that is replaced */
	bool has_place;
};

/* The report that is being written. */
struct writing {
	bool open, dropped,
	    streaming; /* dropped: a duplicate; streaming: its end was not known at its begin */
	int64_t first_record, next_record;
	struct row *rows; /* the first ROWS_KEPT of its records, for the roll-up */
	size_t rows_count;
	struct tally tally; /* of all of them */
	enum authentic authentic;
	struct str place;
	struct key key; /* unless streaming: decided at its begin */
	struct found found;
	bool too_much;
};

/* What is stored of a report, as far as the roll-up needs it. */
struct stored {
	int64_t id, state, reporter, domain, begin, end, first_record;
	uint64_t records, messages;
	bool has_period, repeats; /* repeats: of state 3, and it came again since */
	enum authentic authentic;
};

struct store {
	struct db *db;
	struct turn *turn;
	const struct limits *limits;
	uint64_t seed; /* of the hash columns */
	struct stmt *statement[STATEMENTS];
	struct stmt *seen, *found;
	struct cache *profiles; /* id * 16 + action * 4 + outcome */
	struct cache *names;    /* names, addresses, details, reporters */
	struct arena scratch;
	bool keep_originals, in_transaction, here_noted;
	bool flow_lost; /* something is in the table of that name */
	int64_t run, run_started, now, data_version;
	int64_t pruned; /* day before which reports were pruned; once here_noted */
	uint64_t started, since_commit, bytes_since_commit;
	struct ids next;
	uint64_t total; /* messages in the roll-up: kept below what a sum in SQL can hold */
	/* The item, mail and arrival that entries belong to. */
	int64_t file, mail, arrival, item_arrival;
	struct str arrival_place;
	struct arena item_arena, mail_arena;
	struct item_info item;      /* written at its end */
	struct mail_info mail_info; /* written when something of the mail is kept */
	bool in_mail;
	char place_text[512], arrival_place_text[512];
	int64_t original, chunk;
	int64_t same_as; /* an earlier arrival of a report that arrived again: its original may be the same */
	bool want_data, arrival_rejected, closes_rejects, commits_at_end;
	bool keep_personal, item_personal; /* item_personal: a failure report was in the item */
	bool placed;                       /* something in the open arrival has a place inside of it */
	struct personal personal;          /* valid if has_personal */
	bool has_personal;
	struct writing writing;
	struct counts *counts;
};

/* Statements: prepared at first use. */
enum status store_statement(
    struct stmt **stmt, struct store *store, enum statement statement, struct err *err);

/* dictionary.c: ids, made when missing. Texts with data NULL give id 0. */
enum status name_id(int64_t *id, struct store *store, struct str text, struct err *err);
enum status ip_id(int64_t *id, struct store *store, const struct record *record, struct err *err);
enum status reporter_id(int64_t *id, struct store *store, struct str org, struct err *err);
/* The same without making: 0 when it is missing. */
enum status name_known(int64_t *id, struct store *store, struct str text, struct err *err);
enum status reporter_known(int64_t *id, struct store *store, struct str org, struct err *err);
enum status author_id(int64_t *id, struct store *store, const struct report *report, struct err *err);
enum status policy_id(
    int64_t *id, struct store *store, const struct report *report, int64_t domain, struct err *err);
/* The profile of a record, and what it says of the outcome and the action. */
enum status profile_id(struct row *row, struct store *store, const struct record *record, struct err *err);
/* A hash as it stands in a hash column: 32 bits with a sign, which is what SQLite keeps in four bytes. */
int64_t hash_column(uint64_t hash);
/* Binds an id, 0 as NULL. */
void bind_id(struct stmt *stmt, int i, int64_t id);

/* Adds messages of a row to a tally. */
void tally_add(struct tally *tally, const struct row *row, int64_t messages);

/* rollup.c: puts the records of the report that is being written on their days. */
enum status rollup_report(
    struct store *store, int64_t domain, int64_t reporter, const struct report *report, struct err *err);
/* The same for a report that is stored. */
enum rolling_to {
	ROLL_ON,
	ROLL_OFF,     /* takes them off again */
	ROLL_ARCHIVE, /* notes on the days that the report is going and its messages stay */
};
enum status rollup_stored(
    struct store *store, const struct stored *stored, enum rolling_to to, struct err *err);
/* Reads a row of prune/reports.sql. */
void stored_read(struct stored *stored, struct stmt *stmt);

/* flow.c: whether the domain's traffic is kept in flow; looks for more such domains at the end of a run, and
 * for those whose flow was forgotten. */
enum status flow_is_kept(bool *kept, struct store *store, int64_t domain, struct err *err);
enum status flow_forget(struct store *store, int64_t domain, struct err *err);
enum status flow_look(struct store *store, struct err *err);
/* Notes the flows that lose this row of table day, because there the traffic has no messages any more, or all
 * of it goes. Before the commit flow_settle finds their first and last day, or takes them away. */
enum status flow_lose(struct store *store, int64_t day, bool all, struct err *err);
enum status flow_settle(struct store *store, struct err *err);
/* Takes all traffic of a row of table day off the flows, if the domain has some. */
enum status flow_drop_day(struct store *store, int64_t domain, int64_t day, struct err *err);
/* Forgets the flow of domains that are small by now, or from which much goes: all days before one; 0: none.
 */
enum status flow_shrink(struct store *store, int64_t before, struct err *err);

/* report_row.c: all of the report that is being written but its records. *codes: how many kinds of repairs.
 */
enum status report_write(int64_t *codes, struct store *store, int64_t id, int state, const struct key *key,
    const struct report *report, struct err *err);
void bind_period(struct stmt *stmt, int i, const struct report *report);
/* A conflict is filed under its content too: any number of them costs no more than one. */
int64_t conflict_hash(const struct key *key, const struct report *report);

/* writing.c: the entries of a report. */
enum status writing_begin(struct store *store, const struct entry *entry, struct err *err);
enum status writing_records(struct store *store, const struct record *first, struct err *err);
enum status writing_end(struct store *store, const struct report *report, struct err *err);
enum status writing_abort(struct store *store, struct err *err);

/*
 * report_row.c: a copy came in a mail that proves its sender, so the statement makes the report of this id
 * authenticated.
 */
enum status report_raise(struct store *store, enum statement raise, int64_t id, struct err *err);

/* apply.c: writes the row of the mail that is open, once. */
enum status mail_write(struct store *store, struct err *err);
/* lost.c: files a report that was lost, unless it is known. */
enum status lost_add(struct store *store, const struct lost *lost, struct err *err);
/*
 * failure.c: the key under which local parts are hashed, made when it is missing; the entry of a failure
 * report; an item's or mail's names without people.
 */
enum status personal_key(struct store *store, struct err *err);
/* The same without making it: has_personal tells. */
enum status personal_known(struct store *store, struct err *err);
enum status failure_apply(struct store *store, const struct entry *entry, struct err *err);
enum status personal_mail(struct store *store, struct err *err);
/* Takes people out of a text that is to be stored: a place if it is one. The text lives until the next
 * commit. */
enum status personal_hide(struct str *place, struct store *store, struct err *err);

/* prune_personal.c: takes people out of the places of what the open arrival holds beside a failure report. */
enum status personal_places(struct store *store, struct err *err);

/* report_row.c: the repairs of a report, by the statement for its kind. *codes: how many kinds there are. */
enum status repairs_write(int64_t *codes, struct store *store, enum statement add, int64_t report,
    const struct repairs *repairs, struct err *err);

/* tls.c: the whole of a TLS report; place as in report-begin. */
enum status tls_write(
    struct store *store, struct str place, const struct tls_report *report, struct err *err);

/* apply.c: files a reject of the arrival that is open. */
enum status store_reject(struct store *store, const struct entry *entry, struct err *err);

/*
 * rebuild.c: an original that is read again may hold a report that was pruned and must not come back. Notes
 * which old reports are here, if that was not done; then tells of a report of the open arrival: is_old when
 * it is of the days that were pruned.
 */
enum status replay_note(struct store *store, struct err *err);
enum status replay_is_gone(bool *gone, struct store *store, struct str place, bool is_old, struct err *err);

/* store.c: notes the messages of the roll-up. */
enum status store_total(struct store *store, struct err *err);
/* store.c: reads the next ids and the total again, after rows were taken away. */
enum status store_load(struct store *store, struct err *err);

/* store.c: makes sure that a transaction is open and that what is remembered is still true. */
enum status store_transaction(struct store *store, struct err *err);

#endif
