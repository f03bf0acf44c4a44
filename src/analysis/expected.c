/* expected: the words of expected.h. Actions are steps of a ladder, from the mildest on. */
#include "analysis/expected.h"

#include <stdio.h>
#include <string.h>

static const char *const ladder[] = {"none", "quarantine", "reject"};
enum { STEPS = sizeof ladder / sizeof *ladder, ACTION_TEXT = 48, ALL = 100 };

/* -1: no action. */
static int
step_of(struct str action)
{
	int step;

	for (step = STEPS - 1; step >= 0 && !str_eq(action, ladder[step]); step--)
		;
	return step;
}

/* False when it is no action. */
static bool
action_words(char to[ACTION_TEXT], struct str action, const struct expected_tags *tags)
{
	int step = step_of(action), milder = step > 0 ? step - 1 : 0;
	int64_t pct = ALL;

	if (step < 0)
		return false;
	if (tags->pct.data != NULL && !text_i64(&pct, tags->pct.data, tags->pct.len, 0, ALL))
		pct = ALL;
	if (str_eq(tags->testing, "y") || pct == 0)
		step = milder;
	if (step == milder || pct == ALL)
		(void)snprintf(to, ACTION_TEXT, "%s", ladder[step]);
	else
		(void)snprintf(to, ACTION_TEXT, "%s %d%%", ladder[step], (int)pct);
	return true;
}

size_t
expected_words(char to[EXPECTED_TEXT], const struct expected_tags *tags)
{
	char domain[ACTION_TEXT], below[ACTION_TEXT];
	int len;

	if (!action_words(domain, tags->p, tags))
		return 0;
	if (!action_words(below, tags->sp, tags) || strcmp(domain, below) == 0)
		len = snprintf(to, EXPECTED_TEXT, "%s", domain);
	else
		len = snprintf(to, EXPECTED_TEXT, "%s; subdomains: %s", domain, below);
	return (size_t)len;
}
