/*
 * classify: facts of a profile, then the first rule that fits. A class is a line in the table of words, a
 * rule in fail_class or pass_class, and its sentence in classify_words.c.
 */
#include "analysis/classify.h"

#include "analysis/sources.h"
#include "report/organisation.h"

#include <string.h>

static const struct {
	const char *word, *title;
} classes[MAIL_CLASSES] = {
    [MAIL_FULL] = {"full", "passes by DKIM and SPF"},
    [MAIL_DKIM_ONLY] = {"dkim-only", "passes by DKIM alone"},
    [MAIL_SPF_ONLY] = {"spf-only", "passes by SPF alone"},
    [MAIL_FORWARDED] = {"forwarded", "passed on, and its signature holds"},
    [MAIL_LIST] = {"list", "changed on its way by a list or forwarder"},
    [MAIL_SERVICE] = {"service", "a service that signs for itself alone"},
    [MAIL_TENANT] = {"tenant", "signed for a tenant at a provider alone"},
    [MAIL_UNKNOWN] = {"unknown", "an organisation that nobody knows"},
    [MAIL_BROKEN] = {"broken", "its own signature or SPF fails"},
    [MAIL_TEMPORARY] = {"temporary", "DNS did not answer"},
    [MAIL_SPOOFED] = {"spoofed", "nothing says that it is the owner's"},
    [MAIL_INCONSISTENT] = {"inconsistent", "the receiver's verdict contradicts its results"},
    [MAIL_UNTOLD] = {"untold", "the receiver tells no verdict"},
};

const char *mail_class_word(enum mail_class class)
{
	return classes[class].word;
}

const char *mail_class_title(enum mail_class class)
{
	return classes[class].title;
}

/* A service that mails for its customers. */
static bool
is_sending(const struct sender *service)
{
	return service != NULL && !sender_passes_on(service);
}

static bool
passes_word(struct str verdict)
{
	return str_eq(verdict, "pass");
}

/* One kind of result, DKIM or SPF, counted again. */
struct recount {
	bool told; /* some result says what it is about */
	bool strict, relaxed;
	bool trying; /* temperror where a pass would have counted */
};

static void
count_again(struct recount *count, const struct profile *profile, enum detail_kind kind)
{
	struct check check;
	size_t i;

	*count = (struct recount){0};
	for (i = 0; alignment_at(&check, profile, kind, false, i); i++) {
		if (!check.counts)
			continue;
		count->told = count->told || check.relation != RELATION_UNKNOWN;
		count->relaxed = count->relaxed || (check.passes && check.aligned);
		count->strict = count->strict || (check.passes && check.relation == RELATION_SAME);
		count->trying = count->trying || (str_eq(check.detail->result, "temperror") &&
						     (check.aligned || check.detail->a.len == 0));
	}
}

/* What is not told can't be counted: the receiver's word stands. */
static bool
counted(const struct recount *count, bool strict, bool said)
{
	return count->told ? (strict ? count->strict : count->relaxed) : said;
}

static void
note_reasons(struct mail_facts *facts, const struct profile *profile)
{
	const struct detail *detail;
	size_t i;

	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		if (detail->kind != DETAIL_REASON)
			continue;
		facts->overridden = true;
		if (str_eq(detail->a, "forwarded") || str_eq(detail->a, "trusted_forwarder"))
			facts->told_forwarded = true;
		if (str_eq(detail->a, "mailing_list") ||
		    (str_eq(detail->a, "local_policy") &&
			text_find_nocase(detail->c.data, detail->c.len, "arc=pass") >= 0))
			facts->told_list = true;
	}
}

static void
note_own_signature(struct mail_facts *facts, const struct detail *detail, bool passes)
{
	if (str_eq(detail->result, "none"))
		return;
	if (facts->own_domain.data == NULL || (passes && !facts->own_passes)) {
		facts->own_domain = detail->a;
		facts->own_selector = detail->b.data != NULL ? detail->b : str_of("");
	}
	facts->own_passes = facts->own_passes || passes;
	facts->own_broken = facts->own_broken || !passes;
}

/* The other organisation that is told is the one that names the source, if it can be. */
static void
note_other(struct mail_facts *facts, const struct senders *senders, const struct detail *detail)
{
	bool dkim = detail->kind == DETAIL_DKIM;
	const struct sender *sender =
	    dkim ? sender_by_dkim(senders, detail->a) : sender_by_spf(senders, detail->a);
	bool names_source = sender != NULL && sender == facts->service;

	if (facts->other.data == NULL || (names_source && !facts->other_named)) {
		facts->other = detail->a;
		facts->other_named = names_source;
	}
	if (dkim)
		facts->other_dkim = true;
	else
		facts->other_spf = true;
	if (!dkim)
		facts->spf_service = sender;
}

static void
note_result(struct mail_facts *facts, const struct senders *senders, const struct profile *profile,
    const struct detail *detail)
{
	const struct check check = alignment_check(profile, detail, false);

	if (!check.counts || check.relation == RELATION_UNKNOWN)
		return;
	if (check.relation == RELATION_OTHER) {
		if (check.passes)
			note_other(facts, senders, detail);
	} else if (detail->kind == DETAIL_DKIM) {
		note_own_signature(facts, detail, check.passes);
	} else if (!check.passes) {
		facts->own_spf_bad = true;
	}
}

static void
note_results(struct mail_facts *facts, const struct senders *senders, const struct profile *profile)
{
	size_t i;

	for (i = 0; i < profile->count; i++)
		if (profile->details[i].kind != DETAIL_REASON)
			note_result(facts, senders, profile, &profile->details[i]);
}

/* A signature that failed for another reason explains the failure, whatever DNS did. */
static bool
has_failed_signature(const struct profile *profile)
{
	const struct detail *detail;
	size_t i;

	for (i = 0; i < profile->count; i++) {
		detail = &profile->details[i];
		if (detail->kind == DETAIL_DKIM && !str_eq(detail->result, "temperror") &&
		    !str_eq(detail->result, "none") && !str_eq(detail->result, "pass") &&
		    domain_same_org(detail->a, profile->field[PROFILE_HEADER_FROM]))
			return true;
	}
	return false;
}

static bool
is_below(struct str domain, const char *suffix)
{
	size_t len = strlen(suffix);

	return domain.len > len && memcmp(domain.data + domain.len - len, suffix, len) == 0;
}

/* "example-com.20230601.gappssmtp.com" is the key of example.com, "mail-example-com..." that of a name below
 * it. */
static bool
is_own_key(struct str domain, struct str header_from)
{
	struct str own = domain_org(header_from);
	const char *dot = memchr(domain.data, '.', domain.len);
	size_t label = dot == NULL ? 0 : (size_t)(dot - domain.data), at = label - own.len, i;

	if (own.len == 0 || label < own.len || (at > 0 && domain.data[at - 1] != '-'))
		return false;
	for (i = 0; i < own.len; i++)
		if (domain.data[at + i] != (own.data[i] == '.' ? '-' : own.data[i]))
			return false;
	return true;
}

bool
mail_is_tenant(struct str domain)
{
	return is_below(domain, ".onmicrosoft.com") || is_below(domain, ".gappssmtp.com");
}

static void
note_tenant(struct mail_facts *facts)
{
	if (!mail_is_tenant(facts->other))
		return;
	facts->tenant = facts->other;
	facts->tenant_named =
	    is_below(facts->tenant, ".gappssmtp.com") && is_own_key(facts->tenant, facts->header_from);
}

void
mail_facts(struct mail_facts *facts, const struct senders *senders, const struct profile *profile,
    struct modes modes)
{
	struct recount dkim, spf;

	*facts = (struct mail_facts){.profile = profile,
	    .header_from = profile->field[PROFILE_HEADER_FROM],
	    .source = source_of_profile(senders, profile),
	    .outcome = profile_outcome(profile),
	    .action = profile_action(profile),
	    .dkim = passes_word(profile->field[PROFILE_DKIM]),
	    .spf = passes_word(profile->field[PROFILE_SPF]),
	    .modes = modes};
	if (facts->source.data != NULL)
		facts->service = sender_by_name(senders, facts->source);
	count_again(&dkim, profile, DETAIL_DKIM);
	count_again(&spf, profile, DETAIL_SPF);
	facts->dkim_counted = counted(&dkim, modes.adkim_strict, facts->dkim);
	facts->spf_counted = counted(&spf, modes.aspf_strict, facts->spf);
	facts->dkim_strict = counted(&dkim, true, facts->dkim);
	facts->spf_strict = counted(&spf, true, facts->spf);
	facts->dkim_relaxed = counted(&dkim, false, facts->dkim);
	facts->spf_relaxed = counted(&spf, false, facts->spf);
	facts->contradicted = facts->header_from.len > 0 && facts->outcome != OUTCOME_UNKNOWN &&
			      (facts->dkim_counted || facts->spf_counted) != (facts->outcome == OUTCOME_PASS);
	facts->near = facts->outcome == OUTCOME_FAIL && !facts->dkim_counted && !facts->spf_counted &&
		      (facts->dkim_relaxed || facts->spf_relaxed);
	note_reasons(facts, profile);
	note_results(facts, senders, profile);
	note_tenant(facts);
	facts->temporary =
	    facts->outcome == OUTCOME_FAIL && (dkim.trying || spf.trying) && !has_failed_signature(profile);
}

/* Microsoft's names of tenants say nothing of whose they are, so what passed before has to. */
static bool
is_foreign_tenant(
    const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision)
{
	return facts->tenant.data != NULL && !facts->tenant_named && !history->tenant_own &&
	       decision != DECISION_OURS;
}

static enum mail_class
pass_class(const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision)
{
	if (facts->contradicted)
		return MAIL_INCONSISTENT;
	if (facts->dkim && facts->spf)
		return MAIL_FULL;
	if (facts->spf)
		return MAIL_SPF_ONLY;
	if (facts->told_forwarded || facts->told_list || decision == DECISION_FORWARDER ||
	    sender_passes_on(facts->service))
		return MAIL_FORWARDED;
	if (history->selector_own && !history->address_spf && decision != DECISION_OURS &&
	    !is_sending(facts->service) && !is_sending(facts->spf_service))
		return MAIL_FORWARDED;
	return MAIL_DKIM_ONLY;
}

/* Whether something beside the mail's own words says that its sender is one of the owner's. */
static bool
is_believed(const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision)
{
	if (is_foreign_tenant(facts, history, decision))
		return false;
	return decision == DECISION_OURS || history->source_passed ||
	       (history->address_passed && !history->address_relays) ||
	       ((facts->other_dkim || facts->other_spf) && is_sending(facts->service));
}

/* The own signature was spoilt by somebody who passes mail on. Selectors are no secret, so one is not enough:
 * whoever does so leaves other mail as it was. */
static bool
is_changed_on_its_way(const struct mail_facts *facts, const struct mail_history *history)
{
	if (!facts->own_broken || facts->own_passes || !history->selector_own || history->address_spf ||
	    is_sending(facts->service))
		return false;
	return history->address_relays ||
	       (facts->other_spf && !is_sending(facts->spf_service) && history->source_relays);
}

/* From a forwarder or a person's mailbox, and such mail of the domain arrives through it. */
static bool
is_passed_on(const struct mail_facts *facts, const struct mail_history *history)
{
	return (facts->other_dkim || facts->other_spf) && sender_passes_on(facts->service) &&
	       (history->address_relays || history->source_relays);
}

static bool
is_broken(const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision)
{
	bool other = facts->other_dkim || facts->other_spf;

	if (facts->near)
		return true;
	if (!is_believed(facts, history, decision))
		return false;
	if (facts->own_broken || !other)
		return true;
	return facts->own_spf_bad && !is_sending(facts->service);
}

static enum mail_class
fail_class(const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision)
{
	bool other = facts->other_dkim || facts->other_spf;

	if (decision == DECISION_NOT_OURS)
		return MAIL_SPOOFED;
	if (decision == DECISION_FORWARDER || facts->told_list || facts->told_forwarded)
		return MAIL_LIST;
	if (facts->contradicted)
		return MAIL_INCONSISTENT;
	if (facts->temporary && is_believed(facts, history, decision))
		return MAIL_TEMPORARY;
	if (decision != DECISION_OURS &&
	    (is_passed_on(facts, history) || is_changed_on_its_way(facts, history)))
		return MAIL_LIST;
	if (is_broken(facts, history, decision))
		return MAIL_BROKEN;
	if (!other || (sender_passes_on(facts->service) && decision != DECISION_OURS))
		return MAIL_SPOOFED;
	if (facts->tenant.data != NULL)
		return is_foreign_tenant(facts, history, decision) ? MAIL_UNKNOWN : MAIL_TENANT;
	return is_sending(facts->service) ? MAIL_SERVICE : MAIL_UNKNOWN;
}

enum mail_class
mail_classify(const struct mail_facts *facts, const struct mail_history *history, enum mail_decision decision)
{
	switch (facts->outcome) {
	case OUTCOME_PASS:
		return pass_class(facts, history, decision);
	case OUTCOME_FAIL:
		return fail_class(facts, history, decision);
	case OUTCOME_UNKNOWN:
		break;
	}
	return MAIL_UNTOLD;
}

enum mail_fault
mail_fault(const struct mail_facts *facts)
{
	if (facts->near)
		return FAULT_MODE;
	return facts->own_broken && !facts->own_passes ? FAULT_SIGNATURE : FAULT_SPF;
}
