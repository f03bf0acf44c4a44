/* alignment: the rules of alignment.h, and their words. */
#include "analysis/alignment.h"

#include "analysis/why.h"
#include "base/phrase.h"
#include "report/organisation.h"

enum { TOLD = 3 /* results in words; the rest is counted */, NAME = 260 /* bytes of a text from outside */ };

static void
add_str(struct phrase *phrase, struct str str)
{
	phrase_str(phrase, str, NAME);
}

static enum relation
relation_of(struct str domain, struct str from)
{
	if (domain.len == 0 || from.len == 0)
		return RELATION_UNKNOWN;
	if (str_same(domain, from))
		return RELATION_SAME;
	return domain_same_org(domain, from) ? RELATION_ORGANISATION : RELATION_OTHER;
}

static bool
has_return_path(const struct profile *profile)
{
	struct str path = profile->field[PROFILE_ENVELOPE_FROM];
	size_t i;

	if (path.data != NULL)
		return path.len > 0;
	for (i = 0; i < profile->count; i++)
		if (profile->details[i].kind == DETAIL_SPF && !str_eq(profile->details[i].b, "helo"))
			return true;
	return false;
}

struct check
alignment_check(const struct profile *profile, const struct detail *detail, bool strict)
{
	struct check check = {.detail = detail, .counts = true};

	check.relation = relation_of(detail->a, profile->field[PROFILE_HEADER_FROM]);
	if (detail->kind == DETAIL_SPF && str_eq(detail->b, "helo"))
		check.counts = !has_return_path(profile);
	check.passes = str_eq(detail->result, "pass");
	check.aligned =
	    check.relation == RELATION_SAME || (check.relation == RELATION_ORGANISATION && !strict);
	return check;
}

static bool
decides(const struct check *check)
{
	return check->counts && check->passes && check->aligned;
}

/* The first result that makes its kind pass. */
static bool
find_pass(size_t *at, struct check *check, const struct profile *profile, enum detail_kind kind, bool strict)
{
	for (*at = 0; *at < profile->count; ++*at) {
		if (profile->details[*at].kind != kind)
			continue;
		*check = alignment_check(profile, &profile->details[*at], strict);
		if (decides(check))
			return true;
	}
	return false;
}

bool
alignment_at(struct check *check, const struct profile *profile, enum detail_kind kind, bool strict, size_t i)
{
	size_t first, k;

	if (find_pass(&first, check, profile, kind, strict)) {
		if (i == 0)
			return true;
		i--;
	}
	for (k = 0; k < profile->count; k++) {
		if (profile->details[k].kind != kind || k == first || i-- > 0)
			continue;
		*check = alignment_check(profile, &profile->details[k], strict);
		return true;
	}
	return false;
}

/* "pass for d=example.com s=key", "fail for example.com (return path)" */
static void
add_result(struct phrase *phrase, const struct detail *detail)
{
	bool dkim = detail->kind == DETAIL_DKIM;

	if (detail->result.len > 0)
		add_str(phrase, detail->result);
	else
		phrase_text(phrase, "unknown");
	phrase_text(phrase, dkim ? " for d=" : " for ");
	if (detail->a.len > 0)
		add_str(phrase, detail->a);
	else
		phrase_text(phrase, "?");
	if (!dkim) {
		phrase_text(phrase, str_eq(detail->b, "helo") ? " (HELO)" : " (return path)");
	} else if (detail->b.len > 0) {
		phrase_text(phrase, " s=");
		add_str(phrase, detail->b);
	}
}

static void
add_relation(struct phrase *phrase, const struct check *check)
{
	const char *mode = check->detail->kind == DETAIL_DKIM ? "adkim" : "aspf";

	switch (check->relation) {
	case RELATION_UNKNOWN:
		phrase_text(
		    phrase, check->detail->a.len > 0 ? "header_from is missing" : "its domain is missing");
		break;
	case RELATION_OTHER:
		phrase_text(phrase, "another organisation");
		break;
	case RELATION_ORGANISATION:
		phrase_add(phrase,
		    check->aligned ? "the same organisation (%s=r)" : "%s=s wants the same domain", mode);
		break;
	case RELATION_SAME:
		phrase_text(phrase, "the same domain");
		break;
	}
}

static void
add_check(struct phrase *phrase, const struct check *check)
{
	if (check->detail->kind == DETAIL_DKIM && check->detail->a.len == 0 &&
	    str_eq(check->detail->result, "none")) {
		phrase_text(phrase, "no signature");
		return;
	}
	add_result(phrase, check->detail);
	if (!check->counts) {
		phrase_text(phrase, ": does not count, there is a return path");
		return;
	}
	if (check->aligned)
		phrase_text(phrase, check->passes ? ": aligned, " : ": would be aligned, ");
	else
		phrase_text(phrase, check->passes ? ": not aligned, " : ": nor aligned, ");
	add_relation(phrase, check);
}

size_t
alignment_words(char to[ALIGNMENT_TEXT], const struct profile *profile, enum detail_kind kind, bool strict)
{
	struct phrase phrase = phrase_in(to, ALIGNMENT_TEXT);
	struct check check;
	size_t count = 0, i;

	for (i = 0; i < profile->count; i++)
		count += profile->details[i].kind == kind;
	if (count == 0)
		phrase_text(&phrase, kind == DETAIL_DKIM ? "no signature" : "no result");
	for (i = 0; i < count && i < TOLD && alignment_at(&check, profile, kind, strict, i); i++) {
		if (i > 0)
			phrase_text(&phrase, "; ");
		add_check(&phrase, &check);
	}
	if (count > TOLD)
		phrase_add(&phrase, "; and %zu more", count - TOLD);
	return phrase.len;
}

/* ": d=example.com", the identifier that makes a kind pass; nothing when no result of the record does. */
static void
add_identifier(struct phrase *phrase, const struct profile *profile, enum detail_kind kind, bool strict)
{
	struct check check;
	size_t at;

	if (!find_pass(&at, &check, profile, kind, strict))
		return;
	phrase_text(phrase, kind == DETAIL_DKIM ? " (d=" : " (");
	add_str(phrase, check.detail->a);
	phrase_text(phrase, ")");
}

static void
add_passes(struct phrase *phrase, const struct profile *profile, struct modes modes)
{
	bool dkim = str_eq(profile->field[PROFILE_DKIM], "pass");
	bool spf = str_eq(profile->field[PROFILE_SPF], "pass");

	phrase_text(phrase, "passes by ");
	if (dkim) {
		phrase_text(phrase, spf ? "DKIM" : "DKIM alone");
		add_identifier(phrase, profile, DETAIL_DKIM, modes.adkim_strict);
	}
	if (spf) {
		phrase_text(phrase, dkim ? " and SPF" : "SPF alone");
		add_identifier(phrase, profile, DETAIL_SPF, modes.aspf_strict);
	}
}

/* When its own results say otherwise, the reporter's word is all there is. */
static void
add_fails(struct phrase *phrase, const struct profile *profile, struct modes modes)
{
	char why[WHY_TEXT];
	struct check check;
	size_t at;

	if (find_pass(&at, &check, profile, DETAIL_DKIM, modes.adkim_strict) ||
	    find_pass(&at, &check, profile, DETAIL_SPF, modes.aspf_strict)) {
		phrase_text(phrase, "fails by the reporter's word alone");
		return;
	}
	(void)why_words(why, profile);
	phrase_add(phrase, "fails, since %s", why);
}

size_t
alignment_verdict(char to[ALIGNMENT_TEXT], const struct profile *profile, struct modes modes)
{
	struct phrase phrase = phrase_in(to, ALIGNMENT_TEXT);

	switch (profile_outcome(profile)) {
	case OUTCOME_PASS:
		add_passes(&phrase, profile, modes);
		break;
	case OUTCOME_FAIL:
		add_fails(&phrase, profile, modes);
		break;
	case OUTCOME_UNKNOWN:
		phrase_text(&phrase, "unknown: a verdict is missing");
		break;
	}
	return phrase.len;
}

static void
add_contradiction(struct phrase *phrase, const struct profile *profile, enum detail_kind kind, bool strict)
{
	struct str said = profile->field[kind == DETAIL_DKIM ? PROFILE_DKIM : PROFILE_SPF];
	const char *name = kind == DETAIL_DKIM ? "dkim" : "spf";
	struct check check;
	size_t at;
	bool passes = find_pass(&at, &check, profile, kind, strict);

	if (passes ? !str_eq(said, "fail") : !str_eq(said, "pass"))
		return;
	phrase_add(phrase, phrase->len > 0 ? "; it says %s=" : "the reporter says %s=", name);
	if (!passes) {
		phrase_add(phrase, "pass, but %s that it lists passes and is aligned",
		    kind == DETAIL_DKIM ? "no signature" : "no SPF result");
		return;
	}
	phrase_text(phrase, kind == DETAIL_DKIM ? "fail, but d=" : "fail, but ");
	add_str(phrase, check.detail->a);
	phrase_text(phrase, " passes and is aligned");
}

size_t
alignment_contradiction(char to[ALIGNMENT_TEXT], const struct profile *profile, struct modes modes)
{
	struct phrase phrase = phrase_in(to, ALIGNMENT_TEXT);

	if (profile->field[PROFILE_HEADER_FROM].len == 0)
		return 0;
	add_contradiction(&phrase, profile, DETAIL_DKIM, modes.adkim_strict);
	add_contradiction(&phrase, profile, DETAIL_SPF, modes.aspf_strict);
	return phrase.len;
}
