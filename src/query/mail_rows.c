/*
 * mail_rows: the roll-up of a domain, read once for both passes of mail.h. The same profiles come from the
 * same addresses day after day, so what such a pair means is asked once: a row is then its number, a day and
 * messages. Where a domain has more pairs or rows than are remembered, the database is read again for the
 * second pass.
 */
#include "query/mail_feeding.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum {
	PAIRS = 65536, /* that are told apart at once */
	KEPT = 262144, /* rows between the passes */
	PROFILE_BITS = 32,
	REPORTER_BITS = 13
};

enum { LESSON_DAYS = 3, LESSON_REPORTERS = 2 };

/* A profile at an address. Of what passed there a few days, of them the first and the last, and of the
 * reporters are all that is learnt. */
struct pair {
	int64_t profile, ip;
	int64_t days[LESSON_DAYS], reporters[LESSON_REPORTERS];
	unsigned char day_count, reporter_count;
	bool teaches, authentic;
};

/* What one reporter tells of one day. */
struct told {
	int64_t id, day, reporter;
	bool authentic;
};

struct row {
	int64_t profile, ip, messages;
};

struct kept {
	uint32_t pair, told;
	int64_t messages;
};

struct mail_rows {
	struct stmt *days, *traffic;
	struct intmap pair_of; /* profile and ip -> number */
	struct pair *pairs;
	size_t pair_count, pair_cap;
	struct intmap flow_of; /* number of a pair and of a reporter -> what mail_add gave */
	struct kept *kept;
	size_t kept_count, kept_cap;
	struct told *told; /* of the rows that are kept */
	size_t told_count, told_cap;
	bool keeps; /* all rows of the inventory so far are kept */
	int64_t keep_from;
};

enum status
mail_rows_open(struct mail_rows **out, struct db *db, struct err *err)
{
	struct mail_rows *rows = mem_zero(1, sizeof *rows);
	enum status status = stmt_prepare(&rows->days, db, schema_text("query/mail_days.sql"), err);

	*out = NULL;
	if (status == OK)
		status = stmt_prepare(&rows->traffic, db, schema_text("query/mail_rows.sql"), err);
	if (status == OK)
		*out = rows;
	else
		mail_rows_close(rows);
	return status;
}

void
mail_rows_close(struct mail_rows *rows)
{
	if (rows == NULL)
		return;
	stmt_free(rows->days);
	stmt_free(rows->traffic);
	intmap_free(&rows->pair_of);
	intmap_free(&rows->flow_of);
	free(rows->pairs);
	free(rows->kept);
	free(rows->told);
	free(rows);
}

static void
forget_pairs(struct mail_rows *rows)
{
	intmap_clear(&rows->pair_of);
	intmap_clear(&rows->flow_of);
	rows->pair_count = 0;
}

static void
forget_kept(struct mail_rows *rows, bool keeps)
{
	rows->kept_count = rows->told_count = 0;
	rows->keeps = keeps;
}

/* ---- what passed ---- */

static enum status
fill_row(struct mail_row *row, struct mail_feed *feed, const struct pair *pair, struct err *err)
{
	const struct mail_known_ip *stored = NULL;
	enum status status = mail_known_facts(&row->facts, feed->known, pair->profile, feed->modes_now, err);

	if (status == OK)
		status = mail_known_ip(&stored, feed->known, pair->ip, err);
	if (status != OK)
		return status;
	row->ip_text = stored->text;
	row->ip = stored->usable ? stored->bytes : NULL;
	return OK;
}

/* Each day by each reporter: more than was told, but mail_learn counts days and reporters apart. */
static enum status
learn(struct mail_feed *feed, const struct pair *pair, struct err *err)
{
	struct mail_row row = {.authentic = pair->authentic};
	enum status status = fill_row(&row, feed, pair, err);
	unsigned i, k;

	for (k = 0; status == OK && k < pair->reporter_count; k++) {
		status = mail_feed_reporter(&row.reporter, feed, pair->reporters[k], err);
		for (i = 0; status == OK && i < pair->day_count; i++) {
			row.day = pair->days[i];
			mail_learn(feed->mail, &row);
		}
	}
	return status;
}

static enum status
learn_all(struct mail_feed *feed, struct err *err)
{
	struct mail_rows *rows = feed->rows;
	enum status status = OK;
	size_t i;

	for (i = 0; status == OK && i < rows->pair_count; i++)
		if (rows->pairs[i].teaches)
			status = learn(feed, &rows->pairs[i], err);
	return status;
}

/* The days are in order, and beyond so many one between the first and the last goes. */
static void
add_day(struct pair *pair, int64_t day)
{
	unsigned i = 0, last = pair->day_count - 1U;

	while (i < pair->day_count && pair->days[i] < day)
		i++;
	if (i < pair->day_count && pair->days[i] == day)
		return;
	if (pair->day_count == LESSON_DAYS) {
		if (i == 0)
			pair->days[0] = day;
		else if (i > last)
			pair->days[last] = day;
		return;
	}
	memmove(&pair->days[i + 1], &pair->days[i], (pair->day_count - i) * sizeof *pair->days);
	pair->days[i] = day;
	pair->day_count++;
}

static void
add_lesson(struct pair *pair, const struct told *told)
{
	add_day(pair, told->day);
	pair->authentic = pair->authentic || told->authentic;
	if (pair->reporter_count == 0 ||
	    (pair->reporter_count < LESSON_REPORTERS && pair->reporters[0] != told->reporter))
		pair->reporters[pair->reporter_count++] = told->reporter;
}

/* ---- pairs ---- */

static int64_t
pair_key(int64_t profile, int64_t ip)
{
	return profile * ((int64_t)1 << PROFILE_BITS) + ip;
}

static bool
find_pair(uint32_t *number, const struct mail_rows *rows, const struct row *row)
{
	int64_t found;

	if (!intmap_get(&found, &rows->pair_of, pair_key(row->profile, row->ip)))
		return false;
	*number = (uint32_t)found;
	return true;
}

/* There has to be room. */
static uint32_t
add_pair(struct mail_rows *rows, const struct row *row, bool teaches)
{
	rows->pairs = mem_room(rows->pairs, &rows->pair_cap, rows->pair_count, sizeof *rows->pairs);
	rows->pairs[rows->pair_count] =
	    (struct pair){.profile = row->profile, .ip = row->ip, .teaches = teaches};
	intmap_put(&rows->pair_of, pair_key(row->profile, row->ip), (int64_t)rows->pair_count);
	return (uint32_t)rows->pair_count++;
}

/* ---- the passes ---- */

typedef enum status take_row(
    struct mail_feed *feed, const struct told *told, const struct row *row, struct err *err);

static void
keep(struct mail_rows *rows, const struct told *told, uint32_t pair, int64_t messages)
{
	if (rows->kept_count == KEPT) {
		forget_kept(rows, false);
		return;
	}
	if (rows->told_count == 0 || rows->told[rows->told_count - 1].id != told->id) {
		rows->told = mem_room(rows->told, &rows->told_cap, rows->told_count, sizeof *rows->told);
		rows->told[rows->told_count++] = *told;
	}
	rows->kept = mem_room(rows->kept, &rows->kept_cap, rows->kept_count, sizeof *rows->kept);
	rows->kept[rows->kept_count++] = (struct kept){pair, (uint32_t)rows->told_count - 1, messages};
}

/* A pair that is new. Of more than are told apart those so far are learnt and forgotten; then the mail has to
 * be read again, and only what teaches is of use. */
static enum status
meet_pair(uint32_t *number, bool *has, struct mail_feed *feed, const struct row *row, struct err *err)
{
	struct mail_rows *rows = feed->rows;
	const struct mail_facts *facts;
	enum status status = mail_known_facts(&facts, feed->known, row->profile, feed->modes_now, err);
	bool teaches = status == OK && mail_teaches(facts);

	*has = false;
	if (status == OK && rows->pair_count == PAIRS && (rows->keeps || teaches)) {
		status = learn_all(feed, err);
		forget_pairs(rows);
		forget_kept(rows, false);
	}
	if (status == OK && (rows->keeps || teaches)) {
		*number = add_pair(rows, row, teaches);
		*has = true;
	}
	return status;
}

static enum status
learn_row(struct mail_feed *feed, const struct told *told, const struct row *row, struct err *err)
{
	struct mail_rows *rows = feed->rows;
	enum status status = OK;
	uint32_t number = 0;
	bool has = find_pair(&number, rows, row);

	if (!has)
		status = meet_pair(&number, &has, feed, row, err);
	if (status != OK || !has)
		return status;
	if (rows->pairs[number].teaches)
		add_lesson(&rows->pairs[number], told);
	if (rows->keeps && told->day >= rows->keep_from)
		keep(rows, told, number, row->messages);
	return OK;
}

static enum status
add_alone(
    struct mail_feed *feed, const struct pair *pair, struct mail_row *row, int64_t *flow, struct err *err)
{
	enum status status = fill_row(row, feed, pair, err);

	if (status == OK)
		*flow = mail_add(feed->mail, row);
	return status;
}

/* What a pair comes to by a reporter is found out once. */
static enum status
add_row(struct mail_feed *feed, const struct told *told, uint32_t pair, int64_t messages, struct err *err)
{
	struct mail_rows *rows = feed->rows;
	struct mail_row row = {
	    .day = told->day, .authentic = told->authentic, .messages = (uint64_t)messages};
	enum status status = mail_feed_reporter(&row.reporter, feed, told->reporter, err);
	int64_t key = ((int64_t)pair << REPORTER_BITS | row.reporter) + 1, flow;

	if (status != OK)
		return status;
	if (intmap_get(&flow, &rows->flow_of, key)) {
		mail_add_to(feed->mail, (uint32_t)flow, &row);
		return OK;
	}
	status = add_alone(feed, &rows->pairs[pair], &row, &flow, err);
	if (status == OK && rows->flow_of.count < PAIRS)
		intmap_put(&rows->flow_of, key, flow);
	return status;
}

/* Of a domain with more pairs than are told apart the first have numbers: who sends day after day is among
 * them. */
static enum status
add_stored_row(struct mail_feed *feed, const struct told *told, const struct row *stored, struct err *err)
{
	struct pair pair = {.profile = stored->profile, .ip = stored->ip};
	struct mail_row row = {
	    .day = told->day, .authentic = told->authentic, .messages = (uint64_t)stored->messages};
	enum status status;
	uint32_t number;
	int64_t flow;

	if (find_pair(&number, feed->rows, stored))
		return add_row(feed, told, number, stored->messages, err);
	if (feed->rows->pair_count < PAIRS)
		return add_row(feed, told, add_pair(feed->rows, stored, false), stored->messages, err);
	status = mail_feed_reporter(&row.reporter, feed, told->reporter, err);
	return status != OK ? status : add_alone(feed, &pair, &row, &flow, err);
}

static enum status
read_traffic(struct mail_feed *feed, const struct told *told, take_row *take, struct err *err)
{
	struct stmt *traffic = feed->rows->traffic;
	enum status status = OK;
	struct row row;
	bool has = false;

	stmt_bind_i64(traffic, 1, told->id);
	while (status == OK && (status = stmt_step(traffic, &has, err)) == OK && has) {
		row = (struct row){stmt_i64(traffic, 0), stmt_i64(traffic, 1), stmt_i64(traffic, 2)};
		status = take(feed, told, &row, err);
	}
	stmt_reset(traffic);
	return status;
}

/* The rows of some days, in their order, each given to a function. */
static enum status
read_days(struct mail_feed *feed, int64_t domain, int64_t since, int64_t until, bool authentic,
    take_row *take, struct err *err)
{
	struct stmt *days = feed->rows->days;
	enum status status = OK;
	struct told told;
	bool row = false;

	stmt_bind_i64(days, 1, domain);
	stmt_bind_i64(days, 2, since);
	stmt_bind_i64(days, 3, until);
	stmt_bind_i64(days, 4, authentic);
	while (status == OK && (status = stmt_step(days, &row, err)) == OK && row) {
		told = (struct told){
		    stmt_i64(days, 0), stmt_i64(days, 1), stmt_i64(days, 2), stmt_i64(days, 3) == 1};
		status = read_traffic(feed, &told, take, err);
	}
	stmt_reset(days);
	return status;
}

static enum status
add_kept(struct mail_feed *feed, struct err *err)
{
	const struct mail_rows *rows = feed->rows;
	enum status status = OK;
	size_t i;

	for (i = 0; status == OK && i < rows->kept_count; i++)
		status = add_row(
		    feed, &rows->told[rows->kept[i].told], rows->kept[i].pair, rows->kept[i].messages, err);
	return status;
}

enum status
mail_rows_read(
    struct mail_feed *feed, int64_t domain, const struct mail_span *span, bool authentic, struct err *err)
{
	struct mail_rows *rows = feed->rows;
	int64_t until = span->as_of, inventory = until - span->inventory + 1;
	enum status status;

	forget_pairs(rows);
	forget_kept(rows, true);
	rows->keep_from = inventory;
	status = read_days(feed, domain, until - span->memory + 1, until, authentic, learn_row, err);
	if (status == OK)
		status = learn_all(feed, err);
	if (status != OK)
		return status;
	if (rows->keeps)
		return add_kept(feed, err);
	forget_pairs(rows);
	return read_days(feed, domain, inventory, until, authentic, add_stored_row, err);
}
