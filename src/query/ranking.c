/* ranking: groups and what is distinct in them are found in maps; only the groups that are wanted become
 * text. */
#include "query/ranking.h"

#include "base/arena.h"
#include "base/intmap.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 256, PART_BITS = 32, ROW_TEXT = 256 };

/* The columns of ranking.sql. */
enum {
	DOMAIN,
	REPORTER,
	PROFILE,
	IP,
	MESSAGES,
	FIRST_DAY,
	LAST_DAY,
	DMARC,
	DISPOSITION,
	HEADER_FROM,
	ENVELOPE_FROM
};

/* Words of the table name whose id is part of the schema (schema/sqlite/0001.sql). */
enum { NAME_PASS = 2, NAME_NONE = 4, NAME_QUARANTINE = 5, NAME_REJECT = 6 };

struct group {
	int64_t key, messages, failing, none, quarantine, reject, reporters, domains;
	int64_t first, last; /* of failing messages */
	bool known;          /* the days */
	bool wanted;         /* among the first n */
	size_t part;         /* the last of its parts from 1; 0: none */
};

/* The failing messages of one profile in a group. */
struct part {
	int64_t profile, messages;
	size_t before; /* another part of the group from 1; 0: none */
};

struct ranking {
	int64_t failing; /* of all groups */
	struct group *groups;
	size_t count, cap;
	struct part *parts;
	size_t part_count, part_cap;
	struct intmap of_key;    /* key + 1 -> number of the group from 1 */
	struct intmap reporters; /* pairs of group and reporter */
	struct intmap domains;   /* pairs of group and policy domain */
	struct intmap of_part;   /* pairs of group and profile -> number of the part from 1 */
};

static int64_t
pair(int64_t group, int64_t other)
{
	return group * ((int64_t)1 << PART_BITS) + other;
}

static int64_t
group_number(struct ranking *ranking, int64_t key)
{
	int64_t number;

	if (intmap_get(&number, &ranking->of_key, key + 1))
		return number;
	if (ranking->count == ranking->cap) {
		ranking->cap = ranking->cap == 0 ? FIRST_CAP : ranking->cap * 2;
		ranking->groups = mem_grow(ranking->groups, ranking->cap * sizeof *ranking->groups);
	}
	ranking->groups[ranking->count++] = (struct group){.key = key};
	intmap_put(&ranking->of_key, key + 1, (int64_t)ranking->count);
	return (int64_t)ranking->count;
}

static void
add_part(struct ranking *ranking, int64_t number, int64_t profile, int64_t messages)
{
	struct group *group = &ranking->groups[number - 1];
	int64_t part;

	if (!intmap_get(&part, &ranking->of_part, pair(number, profile))) {
		if (ranking->part_count == ranking->part_cap) {
			ranking->part_cap = ranking->part_cap == 0 ? FIRST_CAP : ranking->part_cap * 2;
			ranking->parts = mem_grow(ranking->parts, ranking->part_cap * sizeof *ranking->parts);
		}
		ranking->parts[ranking->part_count++] = (struct part){profile, 0, group->part};
		part = (int64_t)(group->part = ranking->part_count);
		intmap_put(&ranking->of_part, pair(number, profile), part);
	}
	ranking->parts[part - 1].messages += messages;
}

static void
add_days(struct group *group, struct stmt *row)
{
	int64_t first = stmt_i64(row, FIRST_DAY), last = stmt_i64(row, LAST_DAY);

	if (stmt_is_null(row, FIRST_DAY))
		return;
	group->first = !group->known || first < group->first ? first : group->first;
	group->last = !group->known || last > group->last ? last : group->last;
	group->known = true;
}

/* Counts what was not seen in a group yet. */
static void
add_distinct(int64_t *count, struct intmap *map, int64_t of_group)
{
	int64_t seen;

	if (intmap_get(&seen, map, of_group))
		return;
	intmap_put(map, of_group, 1);
	++*count;
}

static void
add_failing(struct ranking *ranking, int64_t number, struct stmt *row)
{
	struct group *group = &ranking->groups[number - 1];
	int64_t messages = stmt_i64(row, MESSAGES);

	group->failing += messages;
	ranking->failing += messages;
	switch (stmt_i64(row, DISPOSITION)) {
	case NAME_NONE:
	case NAME_PASS: /* no action as well (RFC 9990) */
		group->none += messages;
		break;
	case NAME_QUARANTINE:
		group->quarantine += messages;
		break;
	case NAME_REJECT:
		group->reject += messages;
		break;
	default:
		break;
	}
	add_distinct(&group->reporters, &ranking->reporters, pair(number, stmt_i64(row, REPORTER)));
	add_distinct(&group->domains, &ranking->domains, pair(number, stmt_i64(row, DOMAIN)));
	add_days(group, row);
	add_part(ranking, number, stmt_i64(row, PROFILE), messages);
}

/* The column that holds the key, or -1 when the group is no id of the database. */
static int
key_column(struct str by)
{
	static const struct {
		const char *by;
		int column;
	} columns[] = {{"ip", IP}, {"reporter", REPORTER}, {"domain", DOMAIN}, {"header-from", HEADER_FROM},
	    {"envelope-from", ENVELOPE_FROM}};
	size_t i;

	for (i = 0; i < sizeof columns / sizeof *columns; i++)
		if (str_eq(by, columns[i].by))
			return columns[i].column;
	return -1;
}

static enum status
read_all(struct ranking *ranking, struct db *db, const struct tally_scope *scope,
    const struct ranking_groups *groups, struct err *err)
{
	int column = key_column(scope->by);
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/ranking.sql"), err);
	bool row = false;
	int64_t number;

	if (status == OK) {
		stmt_bind_text(stmt, 1, scope->domains);
		stmt_bind_i64(stmt, 2, scope->since);
		stmt_bind_i64(stmt, 3, scope->until);
		stmt_bind_i64(stmt, 4, scope->whole);
		stmt_bind_i64(stmt, 5, scope->authentic);
	}
	while (status == OK && (status = stmt_step(stmt, &row, err)) == OK && row) {
		number =
		    group_number(ranking, column >= 0 ? stmt_i64(stmt, column)
						      : groups->number(groups->data, scope->by,
							    stmt_i64(stmt, PROFILE), stmt_i64(stmt, IP)));
		ranking->groups[number - 1].messages += stmt_i64(stmt, MESSAGES);
		if (!stmt_is_null(stmt, DMARC) && stmt_i64(stmt, DMARC) == 0)
			add_failing(ranking, number, stmt);
	}
	stmt_free(stmt);
	return status;
}

static int
more_first(const void *a, const void *b)
{
	const int64_t *left = a, *right = b;

	return (*left < *right) - (*left > *right);
}

/* The failing messages that a group must have to be among the first n. */
static int64_t
least_failing(const struct ranking *ranking, int64_t n)
{
	int64_t *failing = mem_zero(ranking->count + 1, sizeof *failing), least;
	size_t i;

	for (i = 0; i < ranking->count; i++)
		failing[i] = ranking->groups[i].failing;
	qsort(failing, ranking->count, sizeof *failing, more_first);
	least = n > 0 && (uint64_t)n <= ranking->count ? failing[n - 1] : 1;
	free(failing);
	return least > 0 ? least : 1;
}

/* A group with as many failing messages as that of the last place. */
struct tie {
	size_t group;
	struct str name;
};

/* As SQL orders texts: a missing one first, then by bytes. */
static int
name_first(const void *a, const void *b)
{
	const struct str *left = &((const struct tie *)a)->name, *right = &((const struct tie *)b)->name;
	size_t len = left->len < right->len ? left->len : right->len;
	int order;

	if (left->data == NULL || right->data == NULL)
		return (left->data != NULL) - (right->data != NULL);
	order = len == 0 ? 0 : memcmp(left->data, right->data, len);
	return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

static enum status
name_of_id(
    struct str *name, struct stmt *stmt, struct str by, int64_t id, struct arena *arena, struct err *err)
{
	enum status status;
	bool row;

	stmt_bind_text(stmt, 1, by);
	stmt_bind_i64(stmt, 2, id);
	status = stmt_step(stmt, &row, err);
	if (status == OK && row && !stmt_is_null(stmt, 0))
		*name = arena_str(arena, stmt_text(stmt, 0));
	stmt_reset(stmt);
	return status;
}

static enum status
name_ties(struct tie *ties, size_t count, const struct ranking *ranking, struct db *db, struct str by,
    const struct ranking_groups *groups, struct arena *arena, struct err *err)
{
	struct stmt *stmt = NULL;
	enum status status = stmt_prepare(&stmt, db, schema_text("query/ranking_name.sql"), err);
	size_t i;

	for (i = 0; status == OK && i < count; i++) {
		int64_t key = ranking->groups[ties[i].group].key;

		if (key == 0)
			continue;
		if (key_column(by) >= 0)
			status = name_of_id(&ties[i].name, stmt, by, key, arena, err);
		else
			ties[i].name = groups->text(groups->data, key);
	}
	stmt_free(stmt);
	return status;
}

/* Of the wanted groups with just so many failing messages, the room first by name stay wanted. */
static enum status
choose_ties(struct ranking *ranking, int64_t failing, size_t room, struct db *db, struct str by,
    const struct ranking_groups *groups, struct err *err)
{
	struct tie *ties = mem_zero(ranking->count, sizeof *ties);
	struct arena arena;
	enum status status;
	size_t count = 0, i;

	for (i = 0; i < ranking->count; i++)
		if (ranking->groups[i].failing == failing)
			ties[count++].group = i;
	arena_init(&arena);
	status = name_ties(ties, count, ranking, db, by, groups, &arena, err);
	if (status == OK)
		qsort(ties, count, sizeof *ties, name_first);
	for (i = room; status == OK && i < count; i++)
		ranking->groups[ties[i].group].wanted = false;
	arena_free(&arena);
	free(ties);
	return status;
}

static enum status
choose_groups(struct ranking *ranking, int64_t n, struct db *db, struct str by,
    const struct ranking_groups *groups, struct err *err)
{
	int64_t least = least_failing(ranking, n);
	size_t more = 0, equal = 0, i;

	for (i = 0; i < ranking->count; i++) {
		struct group *group = &ranking->groups[i];

		group->wanted = group->failing >= least;
		more += group->failing > least;
		equal += group->failing == least;
	}
	if (n <= 0 || more + equal <= (uint64_t)n)
		return OK;
	return choose_ties(ranking, least, (size_t)n - more, db, by, groups, err);
}

static bool
put_parts(struct buf *json, const struct ranking *ranking, size_t part)
{
	char text[ROW_TEXT];
	bool room = true, first = true;

	for (; part > 0 && room; part = ranking->parts[part - 1].before, first = false) {
		(void)snprintf(text, sizeof text, "%s[%lld,%lld]", first ? "" : ",",
		    (long long)ranking->parts[part - 1].profile,
		    (long long)ranking->parts[part - 1].messages);
		room = buf_add_text(json, text);
	}
	return room && buf_add_text(json, "]]");
}

static bool
put_group(struct buf *json, const struct ranking *ranking, const struct group *group)
{
	char text[ROW_TEXT], first[TIME_TEXT] = "null", last[TIME_TEXT] = "null";

	if (group->known) {
		(void)snprintf(first, sizeof first, "%lld", (long long)group->first);
		(void)snprintf(last, sizeof last, "%lld", (long long)group->last);
	}
	(void)snprintf(text, sizeof text, "[%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%s,%s,[",
	    (long long)group->key, (long long)group->messages, (long long)group->failing,
	    (long long)group->none, (long long)group->quarantine, (long long)group->reject,
	    (long long)group->reporters, (long long)group->domains, first, last);
	return buf_add_text(json, text) && put_parts(json, ranking, group->part);
}

static enum status
put_all(struct buf *json, const struct ranking *ranking, struct err *err)
{
	char text[ROW_TEXT];
	bool room, first = true;
	size_t i;

	(void)snprintf(text, sizeof text, "{\"failing\":%lld,\"groups\":[", (long long)ranking->failing);
	room = buf_add_text(json, text);
	for (i = 0; room && i < ranking->count; i++) {
		if (!ranking->groups[i].wanted)
			continue;
		room = (first || buf_add_text(json, ",")) && put_group(json, ranking, &ranking->groups[i]);
		first = false;
	}
	if (room && buf_add_text(json, "]}"))
		return OK;
	return err_stop(err, EXIT_CODE_DATA, "too many groups at once: -n bounds them");
}

static void
count_total(struct ranking_total *total, const struct ranking *ranking)
{
	size_t i;

	*total = (struct ranking_total){.failing = ranking->failing};
	for (i = 0; i < ranking->count; i++) {
		total->groups += ranking->groups[i].failing > 0;
		total->shown += ranking->groups[i].wanted ? ranking->groups[i].failing : 0;
	}
}

enum status
ranking_json(struct buf *json, struct ranking_total *total, struct db *db, const struct tally_scope *scope,
    int64_t n, const struct ranking_groups *groups, struct err *err)
{
	struct ranking ranking = {0};
	enum status status = read_all(&ranking, db, scope, groups, err);

	if (status == OK)
		status = choose_groups(&ranking, n, db, scope->by, groups, err);
	if (status == OK)
		status = put_all(json, &ranking, err);
	count_total(total, &ranking);
	free(ranking.groups);
	free(ranking.parts);
	intmap_free(&ranking.of_key);
	intmap_free(&ranking.reporters);
	intmap_free(&ranking.domains);
	intmap_free(&ranking.of_part);
	return status;
}
