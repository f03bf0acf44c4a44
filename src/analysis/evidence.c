/* evidence: the words of evidence.h. */
#include "analysis/evidence.h"

#include "base/phrase.h"

enum { NAME = 260 /* bytes of a text from outside */, TOLD = 6 /* results; the rest is counted */ };

static void
add_result(struct phrase *phrase, const struct proof_result *result, bool first)
{
	phrase_text(phrase, first ? "" : ", ");
	phrase_str(phrase, result->method, NAME);
	phrase_text(phrase, "=");
	phrase_str(phrase, result->result, NAME);
	phrase_text(phrase, " for ");
	phrase_str(phrase, result->domain, NAME);
}

static void
add_results(struct phrase *phrase, const struct proof *proof)
{
	struct str rest = proof->results;
	struct proof_result result;
	size_t count = 0;

	phrase_text(phrase, "; ");
	phrase_str(phrase, proof->by, NAME);
	phrase_text(phrase, " says ");
	for (; proof_next(&result, &rest); count++)
		if (count < TOLD)
			add_result(phrase, &result, count == 0);
	if (count == 0)
		phrase_text(phrase, "nothing of a domain");
	else if (count > TOLD)
		phrase_add(phrase, " and %zu more", count - TOLD);
}

size_t
evidence_words(char to[EVIDENCE_TEXT], const struct proof *proof, struct str email, struct str org_name)
{
	struct str names = email.data != NULL ? email : org_name;
	struct phrase phrase = phrase_in(to, EVIDENCE_TEXT);

	if (proof == NULL) {
		phrase_text(&phrase, "it came as a file, no mail says who sent it");
		return phrase.len;
	}
	if (proof->from.data == NULL) {
		phrase_text(&phrase, "the mail doesn't say whom it is from, or names several");
	} else {
		phrase_text(&phrase, "the mail is from ");
		phrase_str(&phrase, proof->from, NAME);
	}
	if (proof->by.data == NULL)
		phrase_text(&phrase, "; no server that is trusted says anything of it");
	else
		add_results(&phrase, proof);
	if (names.data != NULL) {
		phrase_text(&phrase, "; the report names ");
		phrase_str(&phrase, names, NAME);
	}
	return phrase.len;
}
