/*
 * fuzz_profile: packed profiles, which the store reads back. Whatever is accepted says nothing that isn't in
 * its bytes, and packing it again gives a form that says the same and is packed the same ever after.
 */
#include "fuzz/fuzz.h"
#include "report/profile.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_inside(struct str text, struct str packed)
{
	must(text.data == NULL || (text.data >= packed.data && text.len <= packed.len &&
				      text.data + text.len <= packed.data + packed.len));
}

static struct str
pack(struct buf *buf, const struct profile *profile)
{
	struct str packed;

	must(profile_pack(buf, profile));
	packed.data = (const char *)buf->data;
	packed.len = buf->len;
	return packed;
}

static void
check_same(const struct profile *a, const struct profile *b)
{
	size_t i;

	must(a->count == b->count && profile_outcome(a) == profile_outcome(b));
	for (i = 0; i < PROFILE_FIELDS; i++)
		must(str_same(a->field[i], b->field[i]));
	for (i = 0; i < a->count; i++)
		must(a->details[i].kind == b->details[i].kind && a->details[i].kind < DETAIL_KINDS &&
		     str_same(a->details[i].a, b->details[i].a) &&
		     str_same(a->details[i].b, b->details[i].b) &&
		     str_same(a->details[i].result, b->details[i].result) &&
		     str_same(a->details[i].c, b->details[i].c) &&
		     str_same(a->details[i].lang, b->details[i].lang));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str packed = {(const char *)data, size}, first, second;
	struct profile profile, again;
	struct arena arena;
	struct buf buf, buf_again;
	size_t i;

	arena_init(&arena);
	buf_init(&buf, size + 1);
	buf_init(&buf_again, size + 1);
	if (size > 0 && profile_unpack(&profile, packed, &arena)) {
		for (i = 0; i < PROFILE_FIELDS; i++)
			check_inside(profile.field[i], packed);
		first = pack(&buf, &profile);
		must(profile_unpack(&again, first, &arena));
		check_same(&profile, &again);
		second = pack(&buf_again, &again);
		must(str_same(first, second));
	}
	buf_free(&buf);
	buf_free(&buf_again);
	arena_free(&arena);
	return 0;
}
