/* mail_known: two caches that begin again when they are full. */
#include "query/mail_known.h"

#include "base/intmap.h"
#include "base/mem.h"
#include "query/view.h"

#include <stdlib.h>
#include <string.h>

enum { CACHE_BYTES = 67108864 /* of facts, and of addresses */ };

struct mail_known {
	struct db *db;
	const struct senders *senders;
	struct views *views;
	struct stmt *ip;
	struct arena facts_arena, ip_arena;
	struct intmap facts; /* profile * 4 + modes -> struct mail_facts */
	struct intmap ips;   /* -> struct mail_known_ip */
};

enum status
mail_known_open(struct mail_known **out, struct db *db, const struct senders *senders, struct err *err)
{
	struct mail_known *known = mem_zero(1, sizeof *known);
	enum status status;

	*out = NULL;
	known->db = db;
	known->senders = senders;
	arena_init(&known->facts_arena);
	arena_init(&known->ip_arena);
	status = views_open(&known->views, db, err);
	if (status == OK)
		status = stmt_prepare(&known->ip, db, schema_text("query/lookup_ip.sql"), err);
	if (status == OK)
		*out = known;
	else
		mail_known_close(known);
	return status;
}

void
mail_known_close(struct mail_known *known)
{
	if (known == NULL)
		return;
	stmt_free(known->ip);
	views_close(known->views);
	intmap_free(&known->facts);
	intmap_free(&known->ips);
	arena_free(&known->facts_arena);
	arena_free(&known->ip_arena);
	free(known);
}

enum status
mail_known_row(struct mail_known *known, struct stmt *stmt, const char *what, int64_t id, struct err *err)
{
	enum status status;
	bool row;

	stmt_bind_i64(stmt, 1, id);
	status = stmt_step(stmt, &row, err);
	if (status != OK || row)
		return status;
	(void)err_stop(err, EXIT_CODE_CONFIG, "%s %lld is missing: `dmarcq db rebuild` makes it again", what,
	    (long long)id);
	return err_at(err, "%s", db_path(known->db));
}

/* A profile that lives as long as the cache. */
static const struct profile *
copy_profile(struct arena *arena, const struct profile *profile)
{
	struct profile *copy = arena_alloc(arena, sizeof *copy);
	struct detail *details = arena_alloc(arena, (profile->count + 1) * sizeof *details);
	size_t i;

	*copy = *profile;
	for (i = 0; i < PROFILE_FIELDS; i++)
		copy->field[i] = arena_str(arena, profile->field[i]);
	for (i = 0; i < profile->count; i++) {
		details[i] = profile->details[i];
		details[i].a = arena_str(arena, details[i].a);
		details[i].b = arena_str(arena, details[i].b);
		details[i].result = arena_str(arena, details[i].result);
		details[i].c = arena_str(arena, details[i].c);
		details[i].lang = (struct str){NULL, 0};
	}
	copy->details = details;
	return copy;
}

enum status
mail_known_facts(const struct mail_facts **out, struct mail_known *known, int64_t profile, struct modes modes,
    struct err *err)
{
	int64_t key = profile * 4 + (modes.adkim_strict ? 2 : 0) + (modes.aspf_strict ? 1 : 0);
	int64_t found;
	struct mail_facts *facts;
	const struct view *view;
	enum status status;

	if (intmap_get(&found, &known->facts, key)) {
		*out = (const struct mail_facts *)(intptr_t)found;
		return OK;
	}
	if (known->facts_arena.used > CACHE_BYTES) {
		arena_reset(&known->facts_arena);
		intmap_clear(&known->facts);
	}
	status = views_get(&view, known->views, profile, err);
	if (status != OK)
		return status;
	facts = arena_alloc(&known->facts_arena, sizeof *facts);
	mail_facts(facts, known->senders, copy_profile(&known->facts_arena, &view->profile), modes);
	intmap_put(&known->facts, key, (int64_t)(intptr_t)facts);
	*out = facts;
	return OK;
}

enum status
mail_known_ip(const struct mail_known_ip **out, struct mail_known *known, int64_t id, struct err *err)
{
	struct mail_known_ip *ip;
	struct str bytes;
	enum status status;
	int64_t found;

	if (intmap_get(&found, &known->ips, id)) {
		*out = (const struct mail_known_ip *)(intptr_t)found;
		return OK;
	}
	if (known->ip_arena.used > CACHE_BYTES) {
		arena_reset(&known->ip_arena);
		intmap_clear(&known->ips);
	}
	status = mail_known_row(known, known->ip, "address", id, err);
	if (status != OK)
		return status;
	ip = arena_zero(&known->ip_arena, sizeof *ip);
	ip->text = arena_str(&known->ip_arena, stmt_text(known->ip, 0));
	bytes = stmt_bytes(known->ip, 1);
	ip->usable = bytes.data != NULL && bytes.len == sizeof ip->bytes;
	if (ip->usable)
		memcpy(ip->bytes, bytes.data, sizeof ip->bytes);
	stmt_reset(known->ip);
	intmap_put(&known->ips, id, (int64_t)(intptr_t)ip);
	*out = ip;
	return OK;
}
