/* fuzz_letter: the text of a mail that may tell of a lost report. What is read is bounded, and inside of it.
 */
#include "fuzz/fuzz.h"
#include "parse/letter.h"

#include <stdlib.h>

enum { FIELD = 300 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check(struct str text, size_t size)
{
	must(text.data == NULL || (text.len > 0 && text.len <= FIELD && text.len <= size));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct letter letter = {.subject = {(const char *)data, size}, .from = {(const char *)data, size}};
	struct arena arena;
	struct lost lost;

	arena_init(&arena);
	must(letter_kind(&letter) < LETTER_LOST);
	if (letter_lost(&lost, (struct str){(const char *)data, size}, &arena)) {
		must(lost.domain.data != NULL && (!lost.has_size || lost.size <= INT64_MAX));
		check(lost.report_id, size);
		check(lost.date, size);
		check(lost.uri, size);
	}
	arena_free(&arena);
	return 0;
}
