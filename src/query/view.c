/* view: profiles read from the database once and put into words. */
#include "query/view.h"

#include "base/buf.h"
#include "base/mem.h"
#include "query/intern.h"

#include <stdlib.h>
#include <string.h>

enum {
	VIEW_BYTES = 16777216, /* of cached views before the cache begins again */
	TEXT_BYTES = 33554432, /* of one view's text: 100 results of 64 KiB texts */
};

struct views {
	struct db *db;
	struct stmt *profile, *details;
	struct arena arena; /* views and their texts */
	struct intmap of;   /* profile -> struct view */
};

/* One row of lookup_details.sql; texts are copied. */
static struct detail
read_detail(struct views *views)
{
	struct detail detail;
	struct str *const to[] = {&detail.a, &detail.b, &detail.result, &detail.c, &detail.lang};
	size_t i;

	detail.kind = (enum detail_kind)stmt_i64(views->details, 0);
	for (i = 0; i < sizeof to / sizeof *to; i++)
		*to[i] = arena_str(&views->arena, stmt_text(views->details, (int)i + 1));
	return detail;
}

static enum status
read_details(struct views *views, struct profile *profile, struct str ids, struct err *err)
{
	struct detail *all = NULL;
	size_t cap = 0;
	enum status status;
	bool row;

	if (ids.data == NULL)
		return OK;
	stmt_bind_text(views->details, 1, ids);
	while ((status = stmt_step(views->details, &row, err)) == OK && row) {
		if (profile->count == cap) {
			cap = cap == 0 ? 8 : cap * 2;
			all = mem_grow(all, cap * sizeof *all);
		}
		all[profile->count++] = read_detail(views);
	}
	profile->details = arena_alloc(&views->arena, (profile->count + 1) * sizeof *all);
	if (profile->count > 0)
		memcpy(profile->details, all, profile->count * sizeof *all);
	free(all);
	return status;
}

static enum status
read_profile(struct views *views, struct profile *profile, int64_t id, struct err *err)
{
	struct str ids;
	enum status status;
	bool row;
	int i;

	stmt_bind_i64(views->profile, 1, id);
	status = stmt_step(views->profile, &row, err);
	if (status != OK)
		return status;
	if (!row) {
		(void)err_stop(err, EXIT_CODE_CONFIG,
		    "profile %lld is missing: `dmarcq db rebuild` makes it again", (long long)id);
		return err_at(err, "%s", db_path(views->db));
	}
	for (i = 0; i < PROFILE_FIELDS; i++)
		profile->field[i] = arena_str(&views->arena, stmt_text(views->profile, i));
	ids = arena_str(&views->arena, stmt_text(views->profile, PROFILE_FIELDS));
	stmt_reset(views->profile);
	return read_details(views, profile, ids, err);
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
	struct str *value;
	struct buf words;
	size_t i;

	buf_init(&words, TEXT_BYTES);
	list->keys = keys[kind];
	list->key_count = kind == DETAIL_REASON ? 3 : 5;
	list->values = value = arena_alloc(&views->arena, (profile->count * 5 + 1) * sizeof *value);
	for (i = 0; i < profile->count; i++) {
		const struct detail *detail = &profile->details[i];

		if (detail->kind != kind)
			continue;
		add_words(&words, detail);
		*value++ = detail->a;
		if (kind != DETAIL_REASON) {
			*value++ = detail->b;
			*value++ = detail->result;
		}
		*value++ = detail->c;
		*value++ = detail->lang;
		list->count++;
	}
	view->text[kind] =
	    arena_str(&views->arena, (struct str){words.len > 0 ? (char *)words.data : "", words.len});
	buf_free(&words);
}

enum status
views_get(const struct view **out, struct views *views, int64_t profile, struct err *err)
{
	struct view *view;
	enum status status;
	int64_t found;
	int kind;

	if (intmap_get(&found, &views->of, profile)) {
		*out = (const struct view *)(intptr_t)found;
		return OK;
	}
	if (views->arena.used > VIEW_BYTES) {
		arena_reset(&views->arena);
		intmap_clear(&views->of);
	}
	view = arena_zero(&views->arena, sizeof *view);
	status = read_profile(views, &view->profile, profile, err);
	if (status != OK)
		return status;
	for (kind = 0; kind < DETAIL_KINDS; kind++)
		make_list(views, view, (enum detail_kind)kind);
	intmap_put(&views->of, profile, (int64_t)(intptr_t)view);
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
	status = stmt_prepare(&views->profile, db, schema_text("query/lookup_profile.sql"), err);
	if (status == OK)
		status = stmt_prepare(&views->details, db, schema_text("query/lookup_details.sql"), err);
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
	stmt_free(views->details);
	arena_free(&views->arena);
	intmap_free(&views->of);
	free(views);
}
