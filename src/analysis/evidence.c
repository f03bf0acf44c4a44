/* evidence: the words of evidence.h. */
#include "analysis/evidence.h"

#include <stdarg.h>
#include <stdio.h>

enum { NAME = 260 /* bytes of a text from outside */, TOLD = 6 /* results; the rest is counted */ };

static void add(char *to, size_t *len, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
add(char *to, size_t *len, const char *format, ...)
{
	va_list args;
	int more;

	va_start(args, format);
	more = vsnprintf(to + *len, EVIDENCE_TEXT - *len, format, args);
	va_end(args);
	if (more > 0)
		*len += (size_t)more;
	if (*len >= EVIDENCE_TEXT)
		*len = EVIDENCE_TEXT - 1;
}

static int
shown(struct str text)
{
	return text.len > NAME ? NAME : (int)text.len;
}

static void
add_results(char *to, size_t *len, const struct proof *proof)
{
	struct str rest = proof->results;
	struct proof_result result;
	size_t count = 0;

	add(to, len, "; %.*s says ", shown(proof->by), proof->by.data);
	for (; proof_next(&result, &rest); count++)
		if (count < TOLD)
			add(to, len, "%s%.*s=%.*s for %.*s", count > 0 ? ", " : "", shown(result.method),
			    result.method.data, shown(result.result), result.result.data,
			    shown(result.domain), result.domain.data);
	if (count == 0)
		add(to, len, "nothing of a domain");
	else if (count > TOLD)
		add(to, len, " and %zu more", count - TOLD);
}

size_t
evidence_words(char to[EVIDENCE_TEXT], const struct proof *proof, struct str email, struct str org_name)
{
	struct str names = email.data != NULL ? email : org_name;
	size_t len = 0;

	to[0] = '\0';
	if (proof == NULL) {
		add(to, &len, "it came as a file, no mail says who sent it");
		return len;
	}
	if (proof->from.data == NULL)
		add(to, &len, "the mail doesn't say whom it is from, or names several");
	else
		add(to, &len, "the mail is from %.*s", shown(proof->from), proof->from.data);
	if (proof->by.data == NULL)
		add(to, &len, "; no server that is trusted says anything of it");
	else
		add_results(to, &len, proof);
	if (names.data != NULL)
		add(to, &len, "; the report names %.*s", shown(names), names.data);
	return len;
}
