/*
 * advice_record: the record to publish, and what is wrong with the one that is. Only words of the standards
 * get into a record (RFC 9989 s. 4.7): what a reporter made up must not be pasted into DNS. rua and ruf are
 * not in reports, and a placeholder for them would be a mistake in DNS that some receivers answer by dropping
 * the whole record: so they are left out, and what prints the record says to keep them.
 */
#include "analysis/advice_work.h"

#include "report/organisation.h"

#include <math.h>
#include <string.h>

struct tags {
	enum advice_policy p, sp, np; /* sp, np UNTOLD: no tag */
	struct str wrong[3];          /* what reports tell of p, sp and np that is no policy */
	bool adkim, aspf;             /* strict */
	bool testing;
	int64_t pct;
	struct str fo;
};

/* "1:d:s": each option once, so that a reporter can't make the record longer than a TXT string. */
static bool
is_fo(struct str fo)
{
	static const char options[] = "01ds";
	bool had[sizeof options] = {false};
	const char *at;
	size_t i;

	for (i = 0; i < fo.len; i += 2) {
		at = fo.data[i] != '\0' ? strchr(options, text_lower(fo.data[i])) : NULL;
		if (at == NULL || had[at - options] || (i + 1 < fo.len && fo.data[i + 1] != ':'))
			return false;
		had[at - options] = true;
	}
	return fo.len % 2 == 1 && !str_eq(fo, "0");
}

/* A mistake is shown as it is, and nothing that could be more than one. */
static struct str
wrong_word(struct str value)
{
	size_t i;

	if (value.data == NULL || policy_of(value) != POLICY_UNTOLD)
		return str_of(NULL);
	for (i = 0; i < value.len; i++) {
		char c = text_lower(value.data[i]);

		if (!(c >= 'a' && c <= 'z') && !text_is_digit(c) && c != '-')
			return str_of(NULL);
	}
	return value.len > 0 ? value : str_of(NULL);
}

static struct tags
tags_of(const struct mail_policy *policy)
{
	return (struct tags){
	    .p = policy_of(policy->p),
	    .sp = policy_of(policy->sp),
	    .np = policy_of(policy->np),
	    .wrong = {wrong_word(policy->p), wrong_word(policy->sp), wrong_word(policy->np)},
	    .adkim = str_eq(policy->adkim, "s"),
	    .aspf = str_eq(policy->aspf, "s"),
	    .testing = str_eq(policy->testing, "y"),
	    .pct = policy_pct(policy),
	    .fo = is_fo(policy->fo) ? policy->fo : str_of(NULL),
	};
}

static const char *
tag(struct arena *arena, const char *name, enum advice_policy policy, struct str wrong)
{
	if (wrong.data != NULL)
		return words(arena, "; %s=%s", name, words_text(arena, wrong)).data;
	if (policy == POLICY_UNTOLD)
		return "";
	return words(arena, "; %s=%s", name, advice_policy_word(policy)).data;
}

static struct str
record_text(struct arena *arena, const struct tags *tags)
{
	const char *fo =
	    tags->fo.data != NULL ? words(arena, "; fo=%s", words_text(arena, tags->fo)).data : "";
	const char *pct = tags->pct < POLICY_ALL ? words(arena, "; pct=%d", (int)tags->pct).data : "";

	return words(arena, "v=DMARC1%s%s%s%s%s%s%s%s", tag(arena, "p", tags->p, tags->wrong[0]),
	    tag(arena, "sp", tags->sp, tags->wrong[1]), tag(arena, "np", tags->np, tags->wrong[2]),
	    tags->adkim ? "; adkim=s" : "", tags->aspf ? "; aspf=s" : "", tags->testing ? "; t=y" : "", pct,
	    fo);
}

/* Whether the record rules over names below: that of an organisation's domain does, and that of another one
 * where some receiver takes it for one (RFC 9989 s. 4.10.2). */
static bool
rules_below(const struct judge *judge)
{
	const struct mail_view *mail = judge->mail;
	size_t i;

	for (i = 0; i < mail->name_count; i++)
		if (!mail->names[i].is_domain)
			return true;
	return str_same(domain_org(mail->domain), mail->domain);
}

/* Reports for so long, and by so many, that who mails from below was seen. */
static bool
knows_below(const struct judge *judge)
{
	return (double)(judge->mail->span.as_of - judge->first_day + 1) >= judge->limits.observed &&
	       (judge->voices_enough || !judge->mails);
}

/* Nothing from below stands in the way of what names below get to be as strict as what the domain gets. */
static bool
may_be_stricter(const struct judge *judge)
{
	return !judge->below_waits && (judge->advice->verdict == VERDICT_READY || knows_below(judge));
}

/* A tag for names below that asks for less than the domain itself, while no mail from below needs that. */
static bool
is_too_weak(const struct judge *judge, enum advice_policy below)
{
	return below < judge->policy.from && !judge->below_waits;
}

/* Mail below that is not ready keeps what it gets now; mail that is follows p. */
static void
set_below(struct tags *tags, const struct judge *judge)
{
	enum advice_policy now = policy_below(judge->policy.seen);

	now = now == POLICY_UNTOLD ? POLICY_NONE : now;
	tags->sp = now == tags->p || (now < tags->p && may_be_stricter(judge)) ? POLICY_UNTOLD : now;
}

static void
set_nowhere(struct tags *tags, const struct judge *judge)
{
	enum advice_policy inherited = tags->sp != POLICY_UNTOLD ? tags->sp : tags->p;

	if (!judge->below_mails)
		tags->np = POLICY_REJECT;
	else if (tags->np < inherited && may_be_stricter(judge))
		tags->np = inherited;
	tags->np = tags->np == inherited ? POLICY_UNTOLD : tags->np;
}

/* Whether all of the mail may get what a part of it gets today. That few of it passes by DKIM is only told at
 * quarantine. */
static bool
may_be_whole(const struct judge *judge)
{
	struct limits limits = limits_of(judge->rules, judge->policy.from);
	unsigned may = judge->policy.from == POLICY_REJECT ? 0 : CODE_BIT(ADVICE_SPF_ONLY);

	return !judge->below_waits &&
	       !(check_rates(&limits, &judge->sums, judge->mail, judge->advice->days) & ~may);
}

/* Not all receivers read pct, and those that do not read t=y: without either the same in everybody's words.
 * Where it protects mail that fails it stays until that is mended. */
static void
take_pct_away(struct tags *tags, const struct judge *judge)
{
	const struct mail_policy *policy = judge->policy.seen;

	if (judge->policy.partial && judge->advice->verdict != VERDICT_READY && !may_be_whole(judge))
		return;
	if (tags->pct == 0 && !tags->testing) {
		tags->p = policy_handled(tags->p, policy);
		tags->sp = policy_handled(tags->sp, policy);
		tags->np = policy_handled(tags->np, policy);
	}
	tags->pct = POLICY_ALL;
}

/* The same without t=y. */
static void
take_testing_away(struct tags *tags, const struct mail_policy *policy)
{
	if (tags->testing) {
		tags->sp = policy_handled(tags->sp, policy);
		tags->np = policy_handled(tags->np, policy);
	}
	tags->testing = false;
}

static void
note_milder(struct judge *judge)
{
	const struct mail_policy *seen = judge->policy.seen;

	if (!policy_is_milder(seen))
		return;
	judge_note(
	    judge, words(judge->arena,
		       "%s asks receivers for one step less than the record says: p=%s counts as %s here%s",
		       str_eq(seen->testing, "y") ? "t=y" : "pct=0", advice_policy_word(policy_of(seen->p)),
		       advice_policy_word(judge->policy.from),
		       judge->advice->verdict == VERDICT_READY ? ", and the step is to take it away" : ""));
}

/* What mail of names gets that are not in DNS. */
static enum advice_policy
nowhere_of(const struct tags *tags)
{
	if (tags->np != POLICY_UNTOLD)
		return tags->np;
	return tags->sp != POLICY_UNTOLD ? tags->sp : tags->p;
}

/* For a domain that mails nothing. */
static struct str
parked_record(const struct judge *judge)
{
	return words(judge->arena, "v=DMARC1; p=reject%s; adkim=s; aspf=s",
	    rules_below(judge) ? "; sp=reject; np=reject" : "");
}

enum { FIRST_PCT = 10 };

static void
step_on(struct tags *tags, const struct judge *judge)
{
	tags->p = judge->policy.to;
	tags->pct = judge->rules->pct ? FIRST_PCT : POLICY_ALL;
	if (!rules_below(judge)) {
		tags->testing = false;
		return;
	}
	take_testing_away(tags, judge->policy.seen);
	set_below(tags, judge);
	set_nowhere(tags, judge);
}

/* What is published but for p; names below may suffer alone. */
static void
step_back(struct tags *tags, const struct judge *judge)
{
	if (judge->below_back) {
		tags->sp = judge->advice->below_to;
		return;
	}
	tags->p = (enum advice_policy)(judge->policy.from - 1);
	tags->pct = POLICY_ALL;
	take_testing_away(tags, judge->policy.seen);
	tags->sp = tags->sp == tags->p ? POLICY_UNTOLD : tags->sp;
}

static void
stay(struct tags *tags, const struct judge *judge)
{
	bool keeps = judge->advice->verdict == VERDICT_KEEP;

	if (!keeps && tags->p == POLICY_UNTOLD)
		tags->p = POLICY_NONE;
	if (!rules_below(judge))
		return;
	if (may_be_stricter(judge)) {
		tags->sp = is_too_weak(judge, tags->sp) ? POLICY_UNTOLD : tags->sp;
		tags->np = is_too_weak(judge, tags->np) ? POLICY_UNTOLD : tags->np;
	}
	if (!keeps && !tags->testing)
		set_below(tags, judge);
	if (!keeps || tags->np == POLICY_UNTOLD)
		set_nowhere(tags, judge);
}

void
judge_record(struct judge *judge)
{
	struct advice *advice = judge->advice;
	struct tags tags;

	if (judge->policy.seen == NULL)
		return;
	tags = tags_of(judge->policy.seen);
	advice->seen = record_text(judge->arena, &tags);
	note_milder(judge);
	memset(tags.wrong, 0, sizeof tags.wrong);
	if (advice->verdict == VERDICT_READY && !judge->mails) {
		advice->record = parked_record(judge);
		return;
	}
	take_pct_away(&tags, judge);
	if (advice->verdict == VERDICT_READY)
		step_on(&tags, judge);
	else if (advice->verdict == VERDICT_STEP_BACK)
		step_back(&tags, judge);
	else
		stay(&tags, judge);
	advice->record = record_text(judge->arena, &tags);
	if (judge->below_mails && nowhere_of(&tags) != POLICY_REJECT)
		judge_note_nowhere(judge);
}

/* ---- what is wrong with the record that is published */

static struct advice_refusal *
lint(struct judge *judge, bool warns, struct str text, const char *fix)
{
	struct advice_refusal *refusal = judge_refuse(judge, ADVICE_RECORD);

	refusal->warns = refusal->warns || warns;
	refusal->text = text;
	refusal->fix = str_of(fix);
	refusal->evidence =
	    words(judge->arena, "dmarcq policy --domain %s", words_quoted(judge->arena, judge->mail->domain));
	refusal->earliest = judge->mail->span.as_of;
	return refusal;
}

static size_t
lint_value(struct judge *judge, const char *name, struct str value)
{
	if (value.data == NULL || policy_of(value) != POLICY_UNTOLD)
		return 0;
	(void)lint(judge, false,
	    words(judge->arena,
		"the record has %s=%s, which is no policy: receivers then read p=none, or no record at all",
		name, words_text(judge->arena, value)),
	    words(judge->arena, "write %s=none, %s=quarantine or %s=reject", name, name, name).data);
	return 1;
}

static void
lint_weaker(struct judge *judge, const char *name, enum advice_policy value)
{
	if (!is_too_weak(judge, value) || !rules_below(judge))
		return;
	(void)lint(judge, true,
	    words(judge->arena,
		"%s=%s gives names below %s%s less than p=%s gives the domain: who forges your mail moves "
		"there",
		name, advice_policy_word(value), words_text(judge->arena, judge->mail->domain),
		strcmp(name, "np") == 0 ? " that are not in DNS" : "",
		advice_policy_word(policy_of(judge->policy.seen->p))),
	    words(judge->arena,
		knows_below(judge) ? "no mail from below stands in the way: take %s= away"
				   : "when COVERAGE-DAYS and COVERAGE-REPORTERS hold, and no mail from below "
				     "stands in the way, take %s= away",
		name)
		.data);
}

/* A part of the mail proves nothing about all of it: the days at this policy begin without pct. */
static void
lint_partial(struct judge *judge)
{
	const char *then = judge->informs ? ""
					  : words(judge->arena, "; the days at %s are counted from then on",
						advice_policy_word(judge->policy.from))
						.data;
	struct advice_refusal *refusal = lint(judge, false,
	    words(judge->arena,
		"pct=%d lets a part of what fails through, and nobody knows which receivers look at it",
		(int)policy_pct(judge->policy.seen)),
	    words(judge->arena, "%sublish the record without pct%s",
		may_be_whole(judge) ? "p" : "when the rest is mended, p", then)
		.data);

	refusal->earliest += (int64_t)ceil(judge->limits.history);
}

void
judge_record_lints(struct judge *judge)
{
	const struct mail_policy *seen = judge->policy.seen;
	size_t wrong = lint_value(judge, "p", seen->p) + lint_value(judge, "sp", seen->sp) +
		       lint_value(judge, "np", seen->np);
	struct advice_gate *gate;

	if (judge->policy.partial) {
		wrong++;
		lint_partial(judge);
	}
	if (policy_pct(seen) == 0 && policy_is_milder(seen) && !str_eq(seen->testing, "y"))
		(void)lint(judge, true,
		    words(judge->arena,
			"pct=0 is no longer read by everybody: some receivers act on p=%s, others on %s",
			advice_policy_word(policy_of(seen->p)), advice_policy_word(judge->policy.from)),
		    "publish the record that is shown, which is the same for all of them");
	gate = judge_gate(judge, ADVICE_RECORD, (double)wrong, 0, false);
	gate->text = str_of("mistakes in the record that reports tell of");
	if (policy_of(seen->sp) != POLICY_UNTOLD)
		lint_weaker(judge, "sp", policy_of(seen->sp));
	if (policy_of(seen->np) != POLICY_UNTOLD)
		lint_weaker(judge, "np", policy_of(seen->np));
}
