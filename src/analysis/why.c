/*
 * why: the words of why.h. A result is a row of a table (RFC 8601 s. 2.7 names them; some reporters write
 * hardfail); one that is in none is said to be unknown.
 */
#include "analysis/why.h"

#include "analysis/sources.h"
#include "base/phrase.h"
#include "report/organisation.h"

struct meaning {
	const char *result, *words;
};

static const struct meaning spf_meanings[] = {
    {"fail", "SPF does not list the server"},
    {"hardfail", "SPF does not list the server"},
    {"softfail", "SPF does not list the server"},
    {"neutral", "SPF leaves it open"},
    {"policy", "SPF was overruled by the receiver"},
    {"none", "no SPF record"},
    {"temperror", "the SPF record could not be looked up"},
    {"permerror", "the SPF record is broken"},
    {NULL, "the SPF result is unknown"},
};

static const struct meaning dkim_meanings[] = {
    {"fail", "the DKIM signature is broken"},
    {"none", "no DKIM signature"},
    {"neutral", "the DKIM signature can't be checked"},
    {"policy", "the DKIM signature is not acceptable to the receiver"},
    {"temperror", "the DKIM key could not be looked up"},
    {"permerror", "the DKIM key or signature is unusable"},
    {NULL, "the DKIM result is unknown"},
};

static const char *
meaning_of(const struct meaning *meanings, struct str result)
{
	while (meanings->result != NULL && !str_eq(result, meanings->result))
		meanings++;
	return meanings->words;
}

/* Passed for a domain that is not aligned: of the same organisation when alignment is strict. */
static const char *
other_domain(const struct detail *detail, const struct profile *profile)
{
	return domain_same_org(detail->a, profile->field[PROFILE_HEADER_FROM])
		   ? "passes for a domain of the same organisation that is not aligned"
		   : "passes for another domain";
}

static bool
passes(const struct detail *detail)
{
	return detail != NULL && str_eq(detail->result, "pass");
}

size_t
why_words(char to[WHY_TEXT], const struct profile *profile)
{
	const struct detail *spf = source_spf(profile), *dkim = source_dkim(profile);
	const char *of_spf = "no SPF result", *of_dkim = "no DKIM signature";
	bool spf_passes = passes(spf), dkim_passes = passes(dkim);
	struct phrase phrase = phrase_in(to, WHY_TEXT);

	if (spf != NULL)
		of_spf = spf_passes ? other_domain(spf, profile) : meaning_of(spf_meanings, spf->result);
	if (dkim != NULL)
		of_dkim = dkim_passes ? other_domain(dkim, profile) : meaning_of(dkim_meanings, dkim->result);
	if (spf_passes && dkim_passes && of_spf == of_dkim) {
		phrase_text(&phrase, "each of SPF and DKIM ");
		phrase_text(&phrase, of_spf);
		return phrase.len;
	}
	phrase_text(&phrase, spf_passes ? "SPF " : "");
	phrase_text(&phrase, of_spf);
	phrase_text(&phrase, dkim_passes ? "; DKIM " : "; ");
	phrase_text(&phrase, of_dkim);
	return phrase.len;
}
