/* intern: open addressing, at most half full. Texts come from strangers, so their hash has a secret seed. */
#include "base/intern.h"

#include "base/digest.h"
#include "base/mem.h"

#include <stdlib.h>

enum { FIRST_CAP = 256 };

void
intern_init(struct intern *intern)
{
	*intern = (struct intern){.seed = random64()};
	arena_init(&intern->arena);
}

static size_t *
text_slot(const struct intern *intern, struct str text)
{
	size_t slot = (size_t)hash64(text.data, text.len, intern->seed) & (intern->slot_cap - 1);

	while (intern->slots[slot] != 0 && !str_same(intern->texts[intern->slots[slot] - 1], text))
		slot = (slot + 1) & (intern->slot_cap - 1);
	return &intern->slots[slot];
}

static void
intern_grow(struct intern *intern)
{
	size_t i;

	intern->cap = intern->cap == 0 ? FIRST_CAP : intern->cap * 2;
	intern->slot_cap = intern->cap * 2;
	intern->texts = mem_grow(intern->texts, intern->cap * sizeof *intern->texts);
	free(intern->slots);
	intern->slots = mem_zero(intern->slot_cap, sizeof *intern->slots);
	for (i = 0; i < intern->count; i++)
		*text_slot(intern, intern->texts[i]) = i + 1;
}

int64_t
intern_number(struct intern *intern, struct str text)
{
	size_t *slot;

	if (intern->count == intern->cap)
		intern_grow(intern);
	slot = text_slot(intern, text);
	if (*slot == 0) {
		intern->texts[intern->count++] = arena_str(&intern->arena, text);
		*slot = intern->count;
	}
	return (int64_t)*slot;
}

int64_t
intern_find(const struct intern *intern, struct str text)
{
	return intern->count == 0 ? 0 : (int64_t)*text_slot(intern, text);
}

struct str
intern_text(const struct intern *intern, int64_t number)
{
	if (number < 1 || (uint64_t)number > intern->count)
		return (struct str){NULL, 0};
	return intern->texts[number - 1];
}

void
intern_free(struct intern *intern)
{
	arena_free(&intern->arena);
	free(intern->texts);
	free(intern->slots);
}
