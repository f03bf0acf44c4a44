#include "unit/advised.h"

#include "unit/gates.h"

#include <check.h>
#include <string.h>

struct made made;
struct arena arena;
struct advice advice;
struct advice_rules rules;

void
advised_begin(void)
{
	made_begin(&made);
	(void)made_reporter(&made, "google.com", true);
	(void)made_reporter(&made, "yahoo.com", true);
	(void)made_reporter(&made, "example.net", false);
	advice_rules_default(&rules);
	arena_init(&arena);
}

void
advised_end(void)
{
	made_end(&made);
	arena_free(&arena);
}

void
advise(void)
{
	advice_make(&advice, &made.view, &rules, NULL, 0, &arena);
	gates_agree(&advice);
}

uint32_t
sender(const char *source, uint32_t name, enum mail_class class, int from, int to)
{
	uint32_t flow = made_flow(&made, made_source(&made, source), name, class);

	made_days(&made, flow, BIG, from, to, 200);
	made_days(&made, flow, MIDDLE, from, to, 150);
	made_days(&made, flow, SMALL, from, to, 50);
	return flow;
}

void
three_senders(void)
{
	(void)sender("example.com", 0, MAIL_FULL, 0, 89);
	(void)sender("Mailchimp", 0, MAIL_DKIM_ONLY, 0, 89);
	(void)sender("192.0.2.0/24", 0, MAIL_FULL, 0, 89);
}

bool
refuses(enum advice_code code)
{
	size_t i;

	for (i = 0; i < advice.refusal_count; i++)
		if (advice.refusals[i].code == code && !advice.refusals[i].warns)
			return true;
	return false;
}

const struct advice_refusal *
refusal_of(enum advice_code code)
{
	size_t i;

	for (i = 0; i < advice.refusal_count; i++)
		if (advice.refusals[i].code == code)
			return &advice.refusals[i];
	ck_abort_msg("no %s", advice_code_word(code));
	return NULL;
}

bool
says(struct str text, const char *words)
{
	return strstr(text.data, words) != NULL;
}

bool
notes(const char *text)
{
	size_t i;

	for (i = 0; i < advice.note_count; i++)
		if (strstr(advice.notes[i].data, text) != NULL)
			return true;
	return false;
}

void
verdict_is(enum advice_verdict verdict, enum advice_policy to, const char *record)
{
	ck_assert_str_eq(advice_verdict_word(advice.verdict), advice_verdict_word(verdict));
	ck_assert_str_eq(advice_policy_word(advice.to), advice_policy_word(to));
	ck_assert_str_eq(advice.record.data, record);
}
