/* steps: what analysis/alignment.h finds, result by result, for those who read JSON. */
#include "query/steps.h"

#include "analysis/alignment.h"

enum { KEYS = 5 };

static const char *const dkim_keys[KEYS] = {"domain", "selector", "result", "aligned", "rule"};
static const char *const spf_keys[KEYS] = {"domain", "scope", "result", "aligned", "rule"};

/* NULL: nothing can be said. */
static const char *
aligned_word(const struct check *check)
{
	if (check->relation == RELATION_UNKNOWN || !check->counts)
		return NULL;
	return check->aligned ? "yes" : "no";
}

/* A selector, or the scope that a result without one is taken for. */
static struct str
second_word(struct arena *arena, const struct detail *detail)
{
	if (detail->kind == DETAIL_DKIM)
		return arena_str(arena, detail->b);
	return str_of(str_eq(detail->b, "helo") ? "helo" : "mfrom");
}

static void
make_list(
    struct list *list, struct arena *arena, const struct profile *profile, enum detail_kind kind, bool strict)
{
	struct str *value = arena_alloc(arena, (profile->count * KEYS + 1) * sizeof *value);
	struct check check;

	list->keys = kind == DETAIL_DKIM ? dkim_keys : spf_keys;
	list->key_count = KEYS;
	list->values = value;
	while (alignment_at(&check, profile, kind, strict, list->count)) {
		*value++ = arena_str(arena, check.detail->a);
		*value++ = second_word(arena, check.detail);
		*value++ = arena_str(arena, check.detail->result);
		*value++ = str_of(aligned_word(&check));
		*value++ = str_of(check.counts ? strict ? "strict" : "relaxed" : NULL);
		list->count++;
	}
}

enum status
steps_get(struct cell *cell, struct arena *arena, struct views *views, int64_t code, struct err *err)
{
	enum detail_kind kind = (-code & 2) != 0 ? DETAIL_DKIM : DETAIL_SPF;
	bool strict = (-code & 1) != 0;
	char words[ALIGNMENT_TEXT];
	const struct view *view;
	struct list *list;
	enum status status = views_get(&view, views, -code / 4, err);

	if (status != OK)
		return status;
	list = arena_zero(arena, sizeof *list);
	make_list(list, arena, &view->profile, kind, strict);
	cell->list = list;
	cell->text =
	    arena_str(arena, (struct str){words, alignment_words(words, &view->profile, kind, strict)});
	return OK;
}
