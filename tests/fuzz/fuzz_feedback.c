/*
 * fuzz_feedback: the parts of a failure report, apart at NULs: fields, text, message, sender. What is read is
 * bounded, is the same each time, and holds no local part once it is stripped.
 */
#include "fuzz/fuzz.h"
#include "parse/feedback.h"
#include "report/personal.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 200 };

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Up to the next NUL; missing when nothing is left. */
static struct str
take(const uint8_t **data, size_t *size)
{
	const uint8_t *end = *size == 0 ? NULL : memchr(*data, '\0', *size);
	struct str text = {(const char *)*data, end == NULL ? *size : (size_t)(end - *data)};
	size_t step = text.len + (end != NULL);

	if (*size == 0)
		return str_of(NULL);
	*data += step;
	*size -= step;
	return text;
}

/* A hash, or nothing, stands before every @. */
static void
check_stripped(struct str text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] == '@' && i > 0 && text_lower(text.data[i - 1]) >= 'a' &&
		    text_lower(text.data[i - 1]) <= 'z')
			must(i >= 16);
}

static void
check(struct failure *failure, struct arena *arena)
{
	static const struct personal key = {{7}};
	const struct failure_result *result;
	const struct failure_text *text;
	size_t texts = 0, results = 0;
	int i;

	for (text = failure->texts; text != NULL; text = text->next)
		texts++;
	for (result = failure->results; result != NULL; result = result->next) {
		results++;
		must(result->method.data != NULL && result->result.data != NULL);
	}
	must(texts <= MOST && results <= MOST);
	must(failure->field[FAILURE_TYPE].data != NULL && failure->incidents > 0);
	must(personal_digest(&key, failure) == personal_digest(&key, failure));
	personal_strip(&key, failure, arena);
	must(failure->field[FAILURE_SUBJECT].data == NULL);
	for (i = 0; i < FAILURE_FIELDS; i++)
		check_stripped(failure->field[i]);
	for (text = failure->texts; text != NULL; text = text->next)
		must(text->list != FAILURE_DKIM_BODY && text->list != FAILURE_DKIM_HEADER);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feedback feedback;
	struct failure failure;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	feedback.fields = take(&data, &size);
	feedback.text = take(&data, &size);
	feedback.message = take(&data, &size);
	feedback.sender = take(&data, &size);
	feedback.sent = take(&data, &size);
	feedback.message_id = take(&data, &size);
	(void)feedback_in_text(feedback.fields);
	if (feedback_read(&failure, &feedback, &arena, &err) == OK)
		check(&failure, &arena);
	arena_free(&arena);
	return 0;
}
