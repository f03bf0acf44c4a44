/*
 * advice_fix: what to do about a sender: what it lacks, the decision that ends the question, where to look. A
 * new kind of fix is a branch of judge_source_fix.
 */
#include "analysis/advice_work.h"

#include <string.h>

/* Whether it may stand on a command line as a word, and not as an option. */
static bool
can_be_named(struct str name)
{
	return name.data != NULL && name.len > 0 && name.data[0] != '-';
}

/* Whole, but for the reason, which is the owner's: a decision without one is refused. */
static struct str
mark_command(const struct judge *judge, uint32_t source, const char *decision)
{
	struct str name = mail_source_text(&judge->mail->sources[source]);

	return words(judge->arena, "dmarcq mark %s %s --domain %s --note WHY",
	    can_be_named(name) ? words_quoted(judge->arena, name) : "SOURCE", decision,
	    words_quoted(judge->arena, judge->mail->domain));
}

const struct mail_flow *
judge_worst(const struct judge *judge, const struct tally *tally)
{
	return tally->worst != UINT32_MAX ? &judge->mail->flows[tally->worst] : NULL;
}

/* Both answers: a known service, and mail that passes as the owner's, are likely theirs. */
static void
ask_whose(const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	const struct mail_flow *flow = judge_worst(judge, tally);
	struct str ours = mark_command(judge, tally->source, "ours");
	struct str not_ours = mark_command(judge, tally->source, "not-ours");

	refusal->ours_first = source->service != NULL || source->passed ||
			      tally->known > tally->known_failing ||
			      (flow != NULL && (flow->class == MAIL_SERVICE || flow->class == MAIL_TENANT));
	refusal->command = refusal->ours_first ? ours : not_ours;
	refusal->otherwise = refusal->ours_first ? not_ours : ours;
}

/* What a question finds the mail of a source by: nothing in it may name the source, and then its addresses
 * do. */
static struct str
shown_by(const struct judge *judge, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	const struct mail_flow *flow = judge_worst(judge, tally);

	if (flow == NULL || !flow->unnamed)
		return mail_source_text(source);
	return source->address.data != NULL ? source->address : flow->network;
}

struct str
judge_evidence(const struct judge *judge, const struct tally *tally, bool recent)
{
	struct arena *arena = judge->arena;
	const struct mail_flow *flow = judge_worst(judge, tally);
	struct str name = shown_by(judge, tally);
	const char *domain = words_quoted(arena, judge->mail->domain), *since = "";

	if (recent)
		since = words(arena, " --since %s", words_day(arena, judge->advice->first)).data;
	if (can_be_named(name))
		return words(arena, "dmarcq why %s --domain %s%s", words_quoted(arena, name), domain, since);
	if (flow != NULL && flow->unnamed)
		return words(arena, "dmarcq top-failures --domain %s%s", domain, since);
	return words(arena, "dmarcq sources --domain %s", domain);
}

/* A command with the days and the reports that were asked for. */
static struct str
as_asked(const struct judge *judge, struct str command, const char *until)
{
	static const char status[] = "dmarcq status "; /* knows no days */

	if (command.data == NULL || command.len == 0)
		return command;
	if (until != NULL && strncmp(command.data, status, sizeof status - 1) != 0)
		command = words(judge->arena, "%s --until %s", command.data, until);
	if (judge->rules->authentic)
		command = words(judge->arena, "%s --only authenticated", command.data);
	return command;
}

void
judge_evidence_asked(struct judge *judge)
{
	struct advice *advice = judge->advice;
	const char *until = judge->rules->until ? words_day(judge->arena, judge->mail->span.as_of) : NULL;
	size_t i;

	for (i = 0; i < advice->refusal_count; i++)
		advice->refusals[i].evidence = as_asked(judge, advice->refusals[i].evidence, until);
	for (i = 0; i < advice->name_count; i++)
		advice->names[i].evidence = as_asked(judge, advice->names[i].evidence, until);
}

/* Whether it makes sense to ask if the source is the owner's at all. */
static bool
may_be_foreign(const struct judge *judge, const struct mail_source *source)
{
	return source->decision != DECISION_OURS && !str_same(source->name, judge->mail->domain);
}

/* How its mail gets aligned. */
static struct str
align_fix(const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	struct str hint = source->service != NULL ? source->service->hint : str_of(NULL);

	if (hint.data == NULL || hint.len == 0)
		hint = str_of("let it sign with DKIM as your domain, or give it a return path of your domain "
			      "that SPF lists");
	if (hint.data[hint.len - 1] == '.')
		hint.len--;
	if (refusal->hit) {
		ask_whose(judge, refusal, tally);
		return words(judge->arena,
		    "say whose it is: mark it ours, or not-ours. If it is yours, the policy goes a step back "
		    "until it passes: %.*s",
		    (int)hint.len, hint.data);
	}
	if (source->passed || !may_be_foreign(judge, source))
		return hint;
	ask_whose(judge, refusal, tally);
	return words(
	    judge->arena, "%.*s. If none of you uses it, mark it not-ours", (int)hint.len, hint.data);
}

/* What is certain to be missing, where nothing changed that it could be put down to; or "". What never passed
 * did not change. */
static struct str
missing_fix(const struct judge *judge, const struct tally *tally, const struct mail_flow *flow)
{
	bool passed = tally->last_passing >= 0 || judge->mail->sources[tally->source].passed;
	char text[MAIL_FIX];
	size_t len = 0;

	if (flow != NULL && (flow->fault == FAULT_MODE || !passed ||
				(flow->fault == FAULT_SPF && *judge_since(judge, tally) == '\0')))
		len = mail_fix(text, &judge->mail->sources[tally->source], MAIL_BROKEN, flow->fault,
		    judge->mail->domain);
	if (len > 0 && text[len - 1] == '.')
		len--;
	return words(judge->arena, "%.*s", (int)len, text);
}

struct str
judge_source_fix(const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally)
{
	const struct mail_flow *flow = judge_worst(judge, tally);
	enum mail_class class = flow != NULL ? flow->class : MAIL_BROKEN;
	bool foreign = may_be_foreign(judge, &judge->mail->sources[tally->source]);
	const char *otherwise = foreign ? ". If it is not yours, mark it not-ours" : "";
	int64_t passed;
	bool turned = judge_turned(&passed, judge, tally);
	struct str missing;

	if (class == MAIL_INCONSISTENT)
		return str_of(
		    "the receiver's verdict is not what its own results give: look whose reports say so");
	if (class != MAIL_BROKEN)
		return align_fix(judge, refusal, tally);
	if (foreign)
		ask_whose(judge, refusal, tally);
	missing = missing_fix(judge, tally, flow);
	if (missing.len > 0)
		return words(judge->arena, "%.*s%s", (int)missing.len, missing.data, otherwise);
	return words(judge->arena,
	    "see what changed there%s%s: the key in DNS, the signing, SPF, or what changes mail after it is "
	    "signed%s",
	    turned ? " on " : "",
	    turned ? words_day(judge->arena, judge->mail->span.as_of - tally->first_failing) : "", otherwise);
}

bool
judge_asks_whose(const struct judge *judge, const struct tally *tally)
{
	const struct mail_source *source = &judge->mail->sources[tally->source];
	const struct mail_flow *flow = judge_worst(judge, tally);
	enum mail_class class = flow != NULL ? flow->class : MAIL_BROKEN;

	return may_be_foreign(judge, source) &&
	       (class == MAIL_BROKEN || (class != MAIL_INCONSISTENT && !source->passed));
}

struct str
judge_recency_fix(const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally)
{
	const struct mail_view *mail = judge->mail;
	struct str fix = judge_source_fix(judge, refusal, tally);
	int64_t gone = mail->span.as_of - tally->last_failing + mail->span.inventory;
	bool own = str_same(mail->sources[tally->source].name, mail->domain);

	return words(judge->arena,
	    "%.*s. Then wait until its next mail passes; if it was switched off, %suntil %s", (int)fix.len,
	    fix.data, own ? "" : "mark it not-ours, or wait ", words_day(judge->arena, gone));
}

void
judge_ask_whose(const struct judge *judge, struct advice_refusal *refusal, const struct tally *tally)
{
	refusal->fix = str_of("find out whose it is, and mark it: ours if it sends for you, else not-ours");
	ask_whose(judge, refusal, tally);
}
