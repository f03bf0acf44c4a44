/* view: profiles read from the database once and put into words. */
#include "query/view.h"

#include "base/buf.h"
#include "base/intmap.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	VIEW_BYTES = 16777216, /* of cached views, details and names before the cache begins again */
	TEXT_BYTES = 33554432, /* of one view's text: 100 results of 64 KiB texts */
};

/* Few names and details make up many profiles, so each is read once and shared by all views. */
struct views {
	struct db *db;
	struct stmt *profile, *detail, *name;
	struct arena arena; /* of all that the maps lead to */
	struct intmap views, details, names;
	struct buf words;
};

static enum status
damaged(const struct views *views, struct err *err, const char *what)
{
	(void)err_stop(err, EXIT_CODE_CONFIG, "%s: `dmarcq db rebuild` makes it again", what);
	return err_at(err, "%s", db_path(views->db));
}

static enum status
missing(const struct views *views, const char *what, int64_t id, struct err *err)
{
	char text[64];

	(void)snprintf(text, sizeof text, "%s %lld is missing", what, (long long)id);
	return damaged(views, err, text);
}

/* Steps to the row of this id, which has to be there. */
static enum status
find_row(struct views *views, struct stmt *stmt, const char *what, int64_t id, struct err *err)
{
	enum status status;
	bool row;

	stmt_bind_i64(stmt, 1, id);
	status = stmt_step(stmt, &row, err);
	return status == OK && !row ? missing(views, what, id, err) : status;
}

/* The text behind a column that refers to a name; missing for NULL. */
static enum status
get_name(struct str *out, struct views *views, struct stmt *stmt, int column, struct err *err)
{
	int64_t id = stmt_i64(stmt, column), found;
	struct str *name;
	enum status status;

	*out = (struct str){NULL, 0};
	if (stmt_is_null(stmt, column))
		return OK;
	if (intmap_get(&found, &views->names, id)) {
		*out = *(const struct str *)(intptr_t)found;
		return OK;
	}
	status = find_row(views, views->name, "name", id, err);
	if (status != OK)
		return status;
	name = arena_alloc(&views->arena, sizeof *name);
	*out = *name = arena_str(&views->arena, stmt_text(views->name, 0));
	stmt_reset(views->name);
	intmap_put(&views->names, id, (int64_t)(intptr_t)name);
	return OK;
}

static enum status
read_detail(struct detail *detail, struct views *views, int64_t id, struct err *err)
{
	struct str *const to[] = {&detail->a, &detail->b, &detail->result, &detail->c, &detail->lang};
	enum status status = find_row(views, views->detail, "detail", id, err);
	size_t i;

	if (status == OK)
		detail->kind = (enum detail_kind)stmt_i64(views->detail, 0);
	for (i = 0; status == OK && i < sizeof to / sizeof *to; i++)
		status = get_name(to[i], views, views->detail, (int)i + 1, err);
	stmt_reset(views->detail);
	return status;
}

static enum status
get_detail(const struct detail **out, struct views *views, int64_t id, struct err *err)
{
	struct detail *detail;
	enum status status;
	int64_t found;

	if (intmap_get(&found, &views->details, id)) {
		*out = (const struct detail *)(intptr_t)found;
		return OK;
	}
	*out = detail = arena_zero(&views->arena, sizeof *detail);
	status = read_detail(detail, views, id, err);
	if (status == OK)
		intmap_put(&views->details, id, (int64_t)(intptr_t)detail);
	return status;
}

/* The next number of "[1,2,3]", whose bracket or comma stands before it; false when there is none. */
static bool
next_id(int64_t *id, struct str *ids)
{
	size_t len = 0;

	ids->data++;
	ids->len--;
	while (len < ids->len && text_is_digit(ids->data[len]))
		len++;
	if (!text_i64(id, ids->data, len, 1, INT64_MAX))
		return false;
	ids->data += len;
	ids->len -= len;
	return ids->len > 0 && (ids->data[0] == ',' || str_eq(*ids, "]"));
}

static enum status
read_details(struct views *views, struct profile *profile, struct str ids, struct err *err)
{
	const struct detail *detail;
	enum status status = OK;
	size_t most = 1, i;
	int64_t id;

	for (i = 0; i < ids.len; i++)
		most += ids.data[i] == ',';
	profile->details = arena_alloc(&views->arena, most * sizeof *profile->details);
	while (status == OK && ids.len > 0 && !str_eq(ids, "]")) {
		if (!next_id(&id, &ids))
			return damaged(views, err, "a profile names its details in another way");
		status = get_detail(&detail, views, id, err);
		if (status == OK)
			profile->details[profile->count++] = *detail;
	}
	return status;
}

static enum status
read_profile(struct views *views, struct profile *profile, int64_t id, struct err *err)
{
	enum status status = find_row(views, views->profile, "profile", id, err);
	int i;

	for (i = 0; status == OK && i < PROFILE_FIELDS; i++)
		status = get_name(&profile->field[i], views, views->profile, i, err);
	if (status == OK)
		status = read_details(views, profile, stmt_text(views->profile, PROFILE_FIELDS), err);
	stmt_reset(views->profile);
	return status;
}

/* "a/b=result (c)", "a=result", or for a reason "type (comment)". */
static void
add_words(struct buf *to, const struct detail *detail)
{
	if (to->len > 0)
		(void)buf_add_text(to, "; ");
	(void)buf_add(to, detail->a.data, detail->a.len);
	if (detail->b.len > 0)
		(void)(buf_add_text(to, "/") && buf_add(to, detail->b.data, detail->b.len));
	if (detail->kind != DETAIL_REASON)
		(void)buf_add_text(to, "=");
	if (detail->result.data != NULL)
		(void)buf_add(to, detail->result.data, detail->result.len);
	else if (detail->kind != DETAIL_REASON)
		(void)buf_add_text(to, "unknown");
	if (detail->c.len > 0)
		(void)(buf_add_text(to, " (") && buf_add(to, detail->c.data, detail->c.len) &&
		       buf_add_text(to, ")"));
}

/* The details of one kind as a list and in words. */
static void
make_list(struct views *views, struct view *view, enum detail_kind kind)
{
	static const char *const keys[DETAIL_KINDS][5] = {
	    [DETAIL_REASON] = {"type", "comment", "lang"},
	    [DETAIL_DKIM] = {"domain", "selector", "result", "human_result", "lang"},
	    [DETAIL_SPF] = {"domain", "scope", "result", "human_result", "lang"},
	};
	const struct profile *profile = &view->profile;
	struct list *list = &view->list[kind];
	struct buf *words = &views->words;
	struct str *value;
	size_t i;

	buf_clear(words);
	list->keys = keys[kind];
	list->key_count = kind == DETAIL_REASON ? 3 : 5;
	for (i = 0; i < profile->count; i++)
		list->count += profile->details[i].kind == kind;
	list->values = value =
	    arena_alloc(&views->arena, (list->count * list->key_count + 1) * sizeof *value);
	for (i = 0; i < profile->count; i++) {
		const struct detail *detail = &profile->details[i];

		if (detail->kind != kind)
			continue;
		add_words(words, detail);
		*value++ = detail->a;
		if (kind != DETAIL_REASON) {
			*value++ = detail->b;
			*value++ = detail->result;
		}
		*value++ = detail->c;
		*value++ = detail->lang;
	}
	view->text[kind] =
	    arena_str(&views->arena, (struct str){words->len > 0 ? (char *)words->data : "", words->len});
}

enum status
views_get(const struct view **out, struct views *views, int64_t profile, struct err *err)
{
	struct view *view;
	enum status status;
	int64_t found;
	int kind;

	if (intmap_get(&found, &views->views, profile)) {
		*out = (const struct view *)(intptr_t)found;
		return OK;
	}
	if (views->arena.used > VIEW_BYTES) {
		arena_reset(&views->arena);
		intmap_clear(&views->views);
		intmap_clear(&views->details);
		intmap_clear(&views->names);
	}
	view = arena_zero(&views->arena, sizeof *view);
	status = read_profile(views, &view->profile, profile, err);
	if (status != OK)
		return status;
	for (kind = 0; kind < DETAIL_KINDS; kind++)
		make_list(views, view, (enum detail_kind)kind);
	intmap_put(&views->views, profile, (int64_t)(intptr_t)view);
	*out = view;
	return OK;
}

enum status
views_open(struct views **out, struct db *db, struct err *err)
{
	struct views *views = mem_zero(1, sizeof *views);
	enum status status;

	*out = NULL;
	views->db = db;
	arena_init(&views->arena);
	buf_init(&views->words, TEXT_BYTES);
	status = stmt_prepare(&views->profile, db, schema_text("query/lookup_profile.sql"), err);
	if (status == OK)
		status = stmt_prepare(&views->detail, db, schema_text("query/lookup_detail.sql"), err);
	if (status == OK)
		status = stmt_prepare(&views->name, db, schema_text("query/lookup_name.sql"), err);
	if (status == OK)
		*out = views;
	else
		views_close(views);
	return status;
}

void
views_close(struct views *views)
{
	if (views == NULL)
		return;
	stmt_free(views->profile);
	stmt_free(views->detail);
	stmt_free(views->name);
	buf_free(&views->words);
	arena_free(&views->arena);
	intmap_free(&views->views);
	intmap_free(&views->details);
	intmap_free(&views->names);
	free(views);
}
