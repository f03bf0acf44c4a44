/*
 * classify_words: why mail is of its class, in words. A class is a function and its line in the table at the
 * end; each says what the record lists first and what is known beside it behind that.
 */
#include "analysis/classify.h"

#include "analysis/sources.h"
#include "analysis/why.h"
#include "base/phrase.h"
#include "report/organisation.h"

enum { NAME = 90 /* bytes of a text from outside */ };

struct words {
	struct phrase phrase;
	const struct mail_facts *facts;
	const struct mail_history *history;
};

static void
add_str(struct words *words, struct str text)
{
	phrase_str(&words->phrase, text.len > 0 ? text : str_of("?"), NAME);
}

/* "DKIM example.com/s1" */
static void
add_own(struct words *words)
{
	phrase_text(&words->phrase, "DKIM ");
	add_str(words, words->facts->own_domain);
	if (words->facts->own_selector.len > 0) {
		phrase_text(&words->phrase, "/");
		add_str(words, words->facts->own_selector);
	}
}

/* The first result of a kind that is of another organisation and passes; NULL: there is none. */
static const struct detail *
other_pass(const struct mail_facts *facts, enum detail_kind kind)
{
	struct check check;
	size_t i;

	for (i = 0; alignment_at(&check, facts->profile, kind, false, i); i++)
		if (check.counts && check.passes && check.relation == RELATION_OTHER)
			return check.detail;
	return NULL;
}

/* "SPF and DKIM pass for sendgrid.net", "DKIM passes for a.example, SPF for b.example" */
static void
add_other(struct words *words)
{
	const struct detail *dkim = other_pass(words->facts, DETAIL_DKIM);
	const struct detail *spf = other_pass(words->facts, DETAIL_SPF);

	if (dkim != NULL && spf != NULL && domain_same_org(dkim->a, spf->a)) {
		phrase_text(&words->phrase, "SPF and DKIM pass for ");
		add_str(words, domain_org(dkim->a));
	} else if (dkim != NULL || spf != NULL) {
		phrase_add(&words->phrase, "%s passes for ", dkim != NULL ? "DKIM" : "SPF");
		add_str(words, dkim != NULL ? dkim->a : spf->a);
		if (dkim != NULL && spf != NULL) {
			phrase_text(&words->phrase, ", SPF for ");
			add_str(words, spf->a);
		}
	}
}

static void
say_other(struct words *words)
{
	bool both = words->facts->other_dkim && words->facts->other_spf;

	add_other(words);
	phrase_text(&words->phrase, both ? ", neither aligned with " : ", not aligned with ");
	add_str(words, words->facts->header_from);
}

/* What became of the results that explain best, as `why` says it. */
static void
add_why(struct words *words)
{
	char why[WHY_TEXT];

	(void)why_words(why, words->facts->profile);
	phrase_text(&words->phrase, why);
}

static void
add_spf(struct words *words)
{
	const struct detail *spf = source_spf(words->facts->profile);

	if (spf == NULL) {
		phrase_text(&words->phrase, "no SPF result");
	} else if (str_eq(spf->result, "pass")) {
		phrase_text(&words->phrase, "SPF passes for ");
		add_str(words, spf->a);
	} else {
		phrase_text(&words->phrase, "SPF ");
		add_str(words, spf->result);
		phrase_text(&words->phrase, " for ");
		add_str(words, spf->a);
	}
}

/* The domain's own signature that does not pass; NULL: there is none. */
static const struct detail *
broken_signature(const struct mail_facts *facts)
{
	const struct detail *detail;
	size_t i;

	for (i = 0; i < facts->profile->count; i++) {
		detail = &facts->profile->details[i];
		if (detail->kind == DETAIL_DKIM && !str_eq(detail->result, "pass") &&
		    domain_same_org(detail->a, facts->header_from))
			return detail;
	}
	return NULL;
}

/* "DKIM example.com/s2023 fails (body hash did not verify)" */
static void
add_broken(struct words *words)
{
	const struct detail *dkim = broken_signature(words->facts);

	add_own(words);
	if (dkim == NULL)
		return;
	if (str_eq(dkim->result, "fail")) {
		phrase_text(&words->phrase, " fails");
	} else {
		phrase_text(&words->phrase, " gives ");
		add_str(words, dkim->result.len > 0 ? dkim->result : str_of("no result"));
	}
	if (dkim->c.len > 0) {
		phrase_text(&words->phrase, " (");
		add_str(words, dkim->c);
		phrase_text(&words->phrase, ")");
	}
}

static void
add_dkim(struct words *words)
{
	const struct detail *other = other_pass(words->facts, DETAIL_DKIM);

	if (words->facts->own_broken && !words->facts->own_passes) {
		add_broken(words);
	} else if (other != NULL) {
		phrase_text(&words->phrase, "DKIM passes for ");
		add_str(words, other->a);
	} else {
		phrase_text(&words->phrase, source_dkim(words->facts->profile) == NULL
						? "no DKIM signature"
						: "no DKIM signature that counts");
	}
}

/* "DKIM example.com/s1 passes", "SPF passes for bounce.example.com" */
static void
add_own_spf(struct words *words)
{
	struct check check;

	if (alignment_at(&check, words->facts->profile, DETAIL_SPF, words->facts->modes.aspf_strict, 0) &&
	    check.counts && check.passes && check.aligned) {
		phrase_text(&words->phrase, "SPF passes for ");
		add_str(words, check.detail->a);
	} else {
		phrase_text(&words->phrase, "SPF passes");
	}
}

static void
add_own_dkim(struct words *words)
{
	if (words->facts->own_passes)
		add_own(words);
	else
		phrase_text(&words->phrase, "DKIM");
	phrase_text(&words->phrase, " passes");
}

static void
say_full(struct words *words)
{
	add_own_dkim(words);
	phrase_text(&words->phrase, ", ");
	add_own_spf(words);
}

static void
say_dkim_only(struct words *words)
{
	add_own_dkim(words);
	phrase_text(&words->phrase, "; ");
	add_spf(words);
	if (words->facts->spf_counted)
		phrase_text(&words->phrase, ", which the receiver doesn't count");
}

static void
say_spf_only(struct words *words)
{
	add_own_spf(words);
	phrase_text(&words->phrase, "; ");
	add_dkim(words);
}

/* Who says that it was passed on; false: nothing in the record does. */
static bool
add_passed_on(struct words *words)
{
	const struct mail_facts *facts = words->facts;

	if (facts->told_list || facts->told_forwarded) {
		phrase_add(&words->phrase, "the receiver says that %s",
		    facts->told_list ? "it came through a list or forwarder" : "it was forwarded");
	} else if (sender_passes_on(facts->service)) {
		add_str(words, facts->service->name);
		phrase_text(&words->phrase, " passed it on");
	} else {
		return false;
	}
	return true;
}

static void
say_forwarded(struct words *words)
{
	add_own_dkim(words);
	phrase_text(&words->phrase, "; ");
	if (add_passed_on(words))
		return;
	if (words->history->selector_own)
		phrase_text(&words->phrase, "a key of your own servers, at an address that SPF never lists");
	else
		add_spf(words);
}

static void
say_list(struct words *words)
{
	bool told = add_passed_on(words);

	if (told)
		phrase_text(&words->phrase, "; ");
	if (words->facts->own_broken && !words->facts->own_passes) {
		add_broken(words);
		if (!told && words->history->selector_own)
			phrase_text(&words->phrase, ", a key of your own servers");
		if (words->facts->other_spf && !told) {
			phrase_text(&words->phrase, "; ");
			add_spf(words);
		}
	} else if (words->facts->other_dkim || words->facts->other_spf) {
		add_other(words);
	} else {
		add_why(words);
	}
}

static void
say_tenant(struct words *words)
{
	say_other(words);
	phrase_text(&words->phrase, ": a tenant");
	if (words->facts->service != NULL) {
		phrase_text(&words->phrase, " at ");
		add_str(words, words->facts->service->name);
	}
}

static void
say_unknown(struct words *words)
{
	say_other(words);
	if (words->facts->tenant.data == NULL)
		return;
	phrase_text(&words->phrase, ": a tenant that none of your mail passed with; if ");
	add_str(words, words->facts->tenant);
	phrase_text(&words->phrase, " is yours, mark it ours");
}

/* "DKIM passes for mail.example.com, but adkim=s wants example.com" */
static void
add_near(struct words *words)
{
	bool dkim = words->facts->dkim_relaxed;
	struct check check;

	if (!alignment_at(&check, words->facts->profile, dkim ? DETAIL_DKIM : DETAIL_SPF, false, 0))
		return;
	phrase_add(&words->phrase, "%s passes for ", dkim ? "DKIM" : "SPF");
	add_str(words, check.detail->a);
	phrase_add(&words->phrase, ", but %s=s wants ", dkim ? "adkim" : "aspf");
	add_str(words, words->facts->header_from);
}

static void
say_broken(struct words *words)
{
	const struct mail_facts *facts = words->facts;

	if (facts->near) {
		add_near(words);
		return;
	}
	if (facts->own_broken && !facts->own_passes)
		add_broken(words);
	else if (facts->own_spf_bad && facts->profile->count > 0)
		add_spf(words);
	else
		add_why(words);
	if (words->history->address_passed && !words->history->address_relays)
		phrase_text(&words->phrase, "; this address passed before");
	else if (words->history->source_passed)
		phrase_text(&words->phrase, facts->source.data != NULL ? "; this sender passed before"
								       : "; its network passed before");
	else if (facts->service != NULL && (facts->other_dkim || facts->other_spf))
		phrase_add(&words->phrase, "; sent by %.*s", (int)facts->service->name.len,
		    facts->service->name.data);
}

static void
say_temporary(struct words *words)
{
	const struct detail *dkim = source_dkim(words->facts->profile);
	bool of_dkim = dkim != NULL && str_eq(dkim->result, "temperror");
	const struct detail *detail = of_dkim ? dkim : source_spf(words->facts->profile);

	phrase_text(&words->phrase, of_dkim ? "the DKIM key of " : "the SPF record of ");
	add_str(words, detail != NULL && detail->a.len > 0 ? detail->a : words->facts->header_from);
	phrase_text(&words->phrase, " could not be looked up");
}

static void
say_spoofed(struct words *words)
{
	if (words->facts->other_dkim || words->facts->other_spf) {
		say_other(words);
		if (sender_passes_on(words->facts->service))
			phrase_text(&words->phrase, ": anyone can write from there");
		return;
	}
	add_why(words);
	if (!words->facts->own_broken)
		return;
	phrase_text(&words->phrase, "; carries a signature of yours (");
	add_str(words, words->facts->own_domain);
	phrase_text(&words->phrase, "/");
	add_str(words, words->facts->own_selector);
	phrase_text(&words->phrase, ") that fails: mark it ours if it is");
}

static void
say_inconsistent(struct words *words)
{
	char said[ALIGNMENT_TEXT];

	if (alignment_contradiction(said, words->facts->profile, words->facts->modes) > 0)
		phrase_str(&words->phrase, str_of(said), 300);
	else
		phrase_text(&words->phrase, "the receiver's verdict is not what its results give");
}

static void
say_untold(struct words *words)
{
	phrase_text(&words->phrase, "the receiver tells no verdict");
}

size_t
mail_evidence(char to[MAIL_EVIDENCE], const struct mail_facts *facts, const struct mail_history *history,
    enum mail_class class)
{
	static void (*const say[MAIL_CLASSES])(struct words * words) = {
	    [MAIL_FULL] = say_full,
	    [MAIL_DKIM_ONLY] = say_dkim_only,
	    [MAIL_SPF_ONLY] = say_spf_only,
	    [MAIL_FORWARDED] = say_forwarded,
	    [MAIL_LIST] = say_list,
	    [MAIL_SERVICE] = say_other,
	    [MAIL_TENANT] = say_tenant,
	    [MAIL_UNKNOWN] = say_unknown,
	    [MAIL_BROKEN] = say_broken,
	    [MAIL_TEMPORARY] = say_temporary,
	    [MAIL_SPOOFED] = say_spoofed,
	    [MAIL_INCONSISTENT] = say_inconsistent,
	    [MAIL_UNTOLD] = say_untold,
	};
	struct words words = {phrase_in(to, MAIL_EVIDENCE), facts, history};

	say[class](&words);
	return words.phrase.len;
}
