/*
 * advice_gates: every gate with its value and limit, in the order of the table, and the refusals that are
 * about the domain as a whole. A gate is a function and a line in the table at the end; senders' refusals are
 * made before, in advice_sources.c, since the bound tells what is left without them.
 */
#include "analysis/advice_work.h"

#include <math.h>

enum { WEEK = 7, STOPPED = 4 };

static void
gate_text(struct advice_gate *gate, struct str text)
{
	gate->text = text;
	gate->is_share = false;
}

static struct advice_gate *
share_gate(
    struct judge *judge, enum advice_code code, double value, double limit, bool at_least, struct str text)
{
	struct advice_gate *gate = judge_gate(judge, code, value, limit, at_least);

	gate->text = text;
	gate->is_share = true;
	return gate;
}

/* How many refusals of a code there are. */
static double
told(const struct judge *judge, enum advice_code code)
{
	double count = 0;
	size_t i;

	for (i = 0; i < judge->advice->refusal_count; i++)
		count += judge->advice->refusals[i].code == code ? 1 : 0;
	return count;
}

static struct str
domain_evidence(const struct judge *judge, const char *command)
{
	return words(
	    judge->arena, "dmarcq %s --domain %s", command, words_quoted(judge->arena, judge->mail->domain));
}

static void
gate_history(struct judge *judge)
{
	/* At reject there is no next step to wait for. */
	double days = (double)(judge->mail->span.as_of - judge->policy.since + 1),
	       limit = judge->informs ? 0 : judge->limits.history;
	struct advice_gate *gate = judge_gate(judge, ADVICE_HISTORY, days, limit, true);
	const char *policy = advice_policy_word(judge->policy.from);
	struct advice_refusal *refusal;

	gate_text(gate, words(judge->arena, "days at %s%s", policy,
			    judge->policy.partial ? ", for a part of the mail" : ""));
	if (gate->ok)
		return;
	refusal = judge_refuse(judge, ADVICE_HISTORY);
	refusal->text = words(judge->arena, "reports tell of %s since %s: %s of %.0f", policy,
	    words_day(judge->arena, judge->policy.since), words_count(judge->arena, days, "day"), limit);
	refusal->evidence = domain_evidence(judge, "reports");
	refusal->earliest = judge->mail->span.as_of + (int64_t)ceil(limit - days);
}

/* Who mails every so many days is seen for sure only after as many. */
static void
gate_observed(struct judge *judge)
{
	double days = (double)(judge->mail->span.as_of - judge->first_day + 1),
	       limit = judge->limits.observed;
	bool asked = judge->first_day == judge->mail->span.as_of - judge->mail->span.memory + 1;
	struct advice_gate *gate = judge_gate(judge, ADVICE_COVERAGE_DAYS, days, limit, true);
	struct advice_refusal *refusal;

	gate_text(gate, str_of(asked ? "days that are looked at" : "days since reports began"));
	if (gate->ok)
		return;
	refusal = judge_refuse(judge, ADVICE_COVERAGE_DAYS);
	refusal->text =
	    words(judge->arena, "%s on %s: %s of the %.0f in which a sender that mails once a %s is seen",
		asked ? "the days that are looked at begin" : "reports began",
		words_day(judge->arena, judge->first_day), words_count(judge->arena, days, "day"), limit,
		judge->policy.to == POLICY_REJECT ? "quarter" : "month");
	refusal->evidence = domain_evidence(judge, "status");
	refusal->earliest = judge->mail->span.as_of + (int64_t)ceil(limit - days);
}

/* Reports came, and then no more. */
static bool
have_stopped(const struct judge *judge, double limit)
{
	const struct mail_span *span = &judge->mail->span;
	int64_t last = 0, day;
	double before = 0;

	if (days_silent(judge->mail) < STOPPED)
		return false;
	while (last < span->inventory && !judge->mail->reported[last])
		last++;
	for (day = last; day < last + span->days && day < span->inventory; day++)
		before += judge->mail->reported[day] ? 1 : 0;
	return before >= limit;
}

static void
refuse_coverage_days(struct judge *judge, double days, double limit, unsigned expected)
{
	struct advice_refusal *refusal = judge_refuse(judge, ADVICE_COVERAGE_DAYS);
	int64_t last = 0;

	while (last < judge->mail->span.inventory && !judge->mail->reported[last])
		last++;
	refusal->text = words(judge->arena, "reports cover %.0f of the last %s, %.0f are needed%s", days,
	    words_days(judge->arena, (double)judge->mail->span.days), limit,
	    words_silent_days(judge, expected));
	refusal->evidence = domain_evidence(judge, "status");
	refusal->fix = str_of("see that every report that comes is imported; otherwise wait");
	if (!have_stopped(judge, limit))
		return;
	refusal->text = words(judge->arena, "no report has come of any day since %s; %s",
	    words_day(judge->arena, judge->mail->span.as_of - last), words_text(judge->arena, refusal->text));
	refusal->fix = str_of("see that rua= of the record names a mailbox that takes mail and is read");
}

/* Of days of the week without mail no report is missing. */
static void
gate_coverage_days(struct judge *judge)
{
	unsigned expected = days_expected(judge->mail);
	double days = 0, window = (double)judge->mail->span.days, limit;
	double most = days_expected_of(expected, judge->mail->span.days);
	struct advice_gate *gate;
	int64_t i;

	for (i = 0; i < judge->mail->span.days; i++)
		days += judge->mail->reported[i] ? 1 : 0;
	limit = ceil(judge->limits.reported * most / window);
	gate = judge_gate(judge, ADVICE_COVERAGE_DAYS, days, limit, true);
	gate_text(gate,
	    words(judge->arena, "days of %.0f with a report%s", window, words_silent_days(judge, expected)));
	if (!gate->ok)
		refuse_coverage_days(judge, days, limit, expected);
}

/* ---- who reports */

struct voices {
	double reporters, big, messages, most;
	struct str biggest;
};

static struct voices
voices_of(const struct judge *judge)
{
	struct voices voices = {.most = 0};
	size_t i;

	for (i = 0; i < judge->mail->reporter_count; i++) {
		const struct mail_reporter *reporter = &judge->mail->reporters[i];
		double messages = judge->sums.by_reporter[i];

		voices.reporters += reporter->days > 0 ? 1 : 0;
		voices.big += reporter->days > 0 && reporter->big ? 1 : 0;
		voices.messages += messages;
		if (messages > voices.most) {
			voices.most = messages;
			voices.biggest = reporter->org;
		}
	}
	return voices;
}

static void
refuse_reporters(struct judge *judge, struct str text, const char *fix)
{
	struct advice_refusal *refusal = judge_refuse(judge, ADVICE_COVERAGE_REPORTERS);

	refusal->text = text;
	refusal->evidence = domain_evidence(judge, "status");
	refusal->fix = str_of(fix);
}

static void
gate_reporters(struct judge *judge)
{
	struct voices voices = voices_of(judge);
	double share = voices.messages > 0 ? voices.most / voices.messages : 0;
	struct advice_gate *gate;

	judge->voices_enough = voices.reporters >= judge->limits.reporters && voices.big >= 1;
	gate = judge_gate(judge, ADVICE_COVERAGE_REPORTERS, voices.reporters, judge->limits.reporters, true);
	gate_text(gate, str_of("reporters"));
	if (!gate->ok)
		refuse_reporters(judge,
		    words(judge->arena, "%s in the window, %.0f are needed: what others see may differ",
			words_count(judge->arena, voices.reporters, "reporter"), judge->limits.reporters),
		    "see that rua= of the record names a mailbox that is read whole; otherwise wait");
	gate = judge_gate(judge, ADVICE_COVERAGE_REPORTERS, voices.big, 1, true);
	gate_text(gate, str_of("of Google, Microsoft and Yahoo"));
	if (!gate->ok)
		refuse_reporters(judge,
		    str_of("none of Google, Microsoft and Yahoo reports, who have most mailboxes"),
		    "see whether their reports are lost before they are imported");
	gate = share_gate(judge, ADVICE_COVERAGE_REPORTERS, share, judge->limits.biggest, false,
	    str_of("of the mail told by one reporter"));
	judge->one_voice = !gate->ok;
	if (!gate->ok)
		refuse_reporters(judge,
		    words(judge->arena,
			"%s of legitimate mail is told by %s alone (limit %s): these numbers are theirs",
			words_share(judge->arena, share), words_text(judge->arena, voices.biggest),
			words_limit(judge->arena, judge->limits.biggest)),
		    "");
}

/* ---- how much, how sure */

static void
gate_volume(struct judge *judge)
{
	const struct advice *advice = judge->advice;
	struct stats_clusters all = sums_lasting(&judge->sums, true, 0, judge->mail->span.inventory - 1);
	struct stats_bound most = stats_bound(&all, judge->limits.intra, judge->limits.confidence);
	struct advice_gate *gate;
	struct advice_refusal *refusal;

	gate = judge_gate(judge, ADVICE_VOLUME, floor(advice->bound.effective), judge->limits.volume, true);
	gate_text(gate, words(judge->arena, "messages that count, of the last %s",
			    words_days(judge->arena, (double)advice->days)));
	if (gate->ok)
		return;
	refusal = judge_refuse(judge, ADVICE_VOLUME);
	refusal->text = words(judge->arena,
	    "the mail of %s counts as %s, since it comes in bursts; that of %s counts as %s, "
	    "and %s are needed",
	    words_days(judge->arena, (double)advice->days),
	    words_count(judge->arena, floor(advice->bound.effective), "independent message"),
	    words_days(judge->arena, (double)judge->mail->span.inventory),
	    words_number(judge->arena, floor(most.effective)),
	    words_number(judge->arena, judge->limits.volume));
	refusal->evidence = domain_evidence(judge, "sources");
	refusal->fix = words(judge->arena,
	    judge_all_decided(judge)
		? "every sender is decided: no failure in %s is enough"
		: "wait; or decide about every sender (dmarcq mark): then no failure in %s is enough",
	    words_days(judge->arena, (double)judge->mail->span.inventory));
}

/* What is left when the senders that are told of are repaired. */
static const char *
without_refused(const struct judge *judge)
{
	const struct stats_bound *repaired = &judge->advice->repaired;

	if (judge->advice->refusal_count == 0 || !(repaired->share < judge->advice->bound.share))
		return "";
	return words(judge->arena, "; with the senders here repaired or decided it would be %s, at most %s",
	    words_share(judge->arena, repaired->share), words_most(judge->arena, repaired->upper))
	    .data;
}

static void
gate_bound(struct judge *judge)
{
	const struct advice *advice = judge->advice;
	struct arena *arena = judge->arena;
	struct advice_refusal *refusal;
	struct str text = words(arena, "of legitimate mail may fail, with %s confidence",
	    words_limit(arena, judge->limits.confidence));

	if (share_gate(judge, ADVICE_BOUND, advice->bound.upper, judge->limits.bound, false, text)->ok)
		return;
	refusal = judge_refuse(judge, ADVICE_BOUND);
	refusal->evidence = domain_evidence(judge, "sources");
	refusal->little = !(judge->rates & CODE_BIT(ADVICE_BOUND));
	if (refusal->little) {
		refusal->text = words(arena,
		    "%s of legitimate mail failed in %s; of mail as little as VOLUME tells it may be %s with "
		    "%s "
		    "confidence (limit %s): more mail is all that is missing",
		    words_share(arena, advice->bound.share), words_days(arena, (double)advice->days),
		    words_most(arena, advice->bound.upper), words_limit(arena, judge->limits.confidence),
		    words_limit(arena, judge->limits.bound));
		return;
	}
	refusal->text =
	    words(arena, "%s of legitimate mail %s in %s, with %s confidence it is at most %s (limit %s)%s",
		words_share(arena, advice->bound.share),
		judge->sums.all.known_review > 0 ? "failed or is to be reviewed" : "failed",
		words_days(arena, (double)advice->days), words_limit(arena, judge->limits.confidence),
		words_most(arena, advice->bound.upper), words_limit(arena, judge->limits.bound),
		without_refused(judge));
}

/* ---- senders: their refusals are there already, and each is told by one of them */

static void
gate_source(struct judge *judge)
{
	struct advice_gate *gate = judge_gate(judge, ADVICE_SOURCE, told(judge, ADVICE_SOURCE), 0, false);

	gate_text(gate, words(judge->arena, "services not aligned, and senders of which less than %s passes",
			    words_limit(judge->arena, judge->limits.source_share)));
}

/* Where the share is little, a sender may stand in the way by himself. */
static void
gate_review(struct judge *judge)
{
	double share = check_review_share(&judge->sums);

	if (share <= judge->limits.review && (judge->rates & CODE_BIT(ADVICE_REVIEW)))
		gate_text(judge_gate(judge, ADVICE_REVIEW, told(judge, ADVICE_REVIEW), 0, false),
		    str_of("senders to be reviewed one by one"));
	else
		(void)share_gate(judge, ADVICE_REVIEW, share, judge->limits.review, false,
		    str_of("of the mail by senders to be reviewed"));
}

/* New ones, also where another refusal tells of them. */
static void
gate_new(struct judge *judge)
{
	double count = 0;
	size_t i;

	for (i = 0; i < judge->sums.count; i++)
		count +=
		    check_new(&judge->limits, &judge->sums, &judge->sums.tallies[i], judge->mail) ? 1 : 0;
	gate_text(judge_gate(judge, ADVICE_NEW_SOURCE, count, 0, false),
	    words(judge->arena, "senders to be reviewed that are new in %s",
		words_days(judge->arena, judge->limits.quiet)));
}

static void
gate_recency(struct judge *judge)
{
	struct advice_gate *gate = judge_gate(judge, ADVICE_RECENCY, told(judge, ADVICE_RECENCY), 0, false);

	gate_text(gate, words(judge->arena, "senders of %s that failed when they were seen last",
			    words_days(judge->arena, (double)judge->mail->span.inventory)));
}

/* ---- how it goes on */

static const char *
trend_cause(const struct judge *judge)
{
	const struct tally *worst = NULL;
	struct str name;
	size_t i;

	for (i = 0; i < judge->sums.count; i++)
		if (worst == NULL || judge->sums.tallies[i].week_failing > worst->week_failing)
			worst = &judge->sums.tallies[i];
	if (worst == NULL || !(worst->week_failing > 0))
		return "";
	name = mail_source_text(&judge->mail->sources[worst->source]);
	return words(judge->arena, ", most of it from %s: %s of %s",
	    name.data != NULL ? words_text(judge->arena, name) : "all other senders",
	    words_number(judge->arena, worst->week_failing),
	    words_count(judge->arena, worst->week, "message"))
	    .data;
}

static void
gate_trend(struct judge *judge)
{
	struct trend trend = check_trend(&judge->limits, &judge->sums, judge->mail);
	struct advice_gate *gate = share_gate(judge, ADVICE_TREND, fmax(0, trend.now - trend.before),
	    trend.limit, false, str_of("more fails in the last week than before"));
	struct advice_refusal *refusal;

	gate->ok = !trend.alarm;
	if (gate->ok)
		return;
	refusal = judge_refuse(judge, ADVICE_TREND);
	refusal->text =
	    words(judge->arena, "%s of legitimate mail failed in the last %d days, %s in the %.0f before%s",
		words_share(judge->arena, trend.now), WEEK, words_share(judge->arena, trend.before),
		(double)(judge->mail->span.days - WEEK), trend_cause(judge));
	refusal->evidence = domain_evidence(judge, "trend");
	refusal->fix = str_of("find what changed in the last days before the policy gets stricter");
}

static void
gate_spf_alone(struct judge *judge)
{
	double share = check_dkim_share(&judge->sums);
	bool below = share < judge->limits.dkim, rejects = judge->policy.to == POLICY_REJECT;
	double senders = rejects ? told(judge, ADVICE_SPF_ONLY) : 0;
	struct advice_gate *gate;
	struct advice_refusal *refusal;

	if (!below && senders > 0) {
		gate = judge_gate(judge, ADVICE_SPF_ONLY, senders, 0, false);
		gate_text(gate, str_of("senders that pass by SPF alone"));
	} else {
		gate = share_gate(judge, ADVICE_SPF_ONLY, share, judge->limits.dkim, true,
		    str_of("of what passes does so by DKIM"));
	}
	gate->warns = !rejects || judge->informs;
	if (!below)
		return;
	refusal = judge_refuse(judge, ADVICE_SPF_ONLY);
	refusal->warns = gate->warns;
	refusal->text = words(judge->arena,
	    "only %s of the mail that passes does so by DKIM (at least %s): the rest breaks "
	    "wherever it is forwarded",
	    words_share(judge->arena, share), words_limit(judge->arena, judge->limits.dkim));
	refusal->evidence = domain_evidence(judge, "sources");
	refusal->fix = str_of("let every sender sign with DKIM as your domain");
}

static void
gate_lists(struct judge *judge)
{
	double share = check_lists_share(&judge->sums), told_from = judge->rules->lists[1];
	double most = check_lists(&judge->limits, &judge->sums);
	bool accepted = judge->limits.accept_lists;
	struct advice_gate *gate = share_gate(judge, ADVICE_LISTS, most, accepted ? 1 : judge->limits.lists,
	    false, str_of("of the mail is changed by mailing lists"));
	struct advice_refusal *refusal;

	if (accepted && share > told_from)
		judge_note(judge,
		    words(judge->arena,
			"%s, %s of the mail, were changed by mailing lists or forwarders and fail then: that "
			"reject loses them is accepted",
			words_count(judge->arena, judge->sums.all.lists, "message"),
			words_share(judge->arena, share)));
	if (accepted || (gate->ok && !(share > told_from)))
		return;
	refusal = judge_refuse(judge, ADVICE_LISTS);
	refusal->warns = refusal->warns || gate->ok;
	refusal->messages = (uint64_t)judge->sums.all.lists;
	refusal->per_week = judge->sums.all.lists * WEEK / (double)judge->mail->span.days;
	refusal->share = share;
	refusal->text = words(judge->arena,
	    "%s, %s of the mail, were changed by mailing lists or forwarders and fail then",
	    words_count(judge->arena, judge->sums.all.lists, "message"), words_share(judge->arena, share));
	if (most > share)
		refusal->text = words(judge->arena, "%s; by the mail of %s it may be %s",
		    words_text(judge->arena, refusal->text),
		    words_days(judge->arena, (double)judge->mail->span.inventory),
		    words_share(judge->arena, most));
	refusal->evidence = domain_evidence(judge, "sources");
	refusal->fix = str_of(
	    "quarantine is the right end for a domain whose people write to lists; if these losses are "
	    "accepted: --accept-lists");
	refusal->earliest = judge->mail->span.as_of;
}

static void
gate_temporary(struct judge *judge)
{
	double share = check_temporary_share(&judge->sums);
	struct advice_gate *gate = share_gate(judge, ADVICE_TEMP, share, judge->limits.temporary, false,
	    str_of("of the mail fails by DNS alone"));
	struct advice_refusal *refusal;

	if (gate->ok)
		return;
	refusal = judge_refuse(judge, ADVICE_TEMP);
	refusal->text =
	    words(judge->arena, "%s, %s of the mail, failed because DNS did not answer (limit %s)",
		words_count(judge->arena, judge->sums.all.temporary, "message"),
		words_share(judge->arena, share), words_limit(judge->arena, judge->limits.temporary));
	refusal->evidence = domain_evidence(judge, "sources");
	refusal->fix = str_of("see that every name server of the domain answers quickly, over TCP too");
}

void
judge_gates(struct judge *judge)
{
	static void (*const gates[])(struct judge *) = {gate_history, gate_observed, gate_coverage_days,
	    gate_reporters, gate_volume, gate_bound, gate_source, gate_review, gate_new, gate_recency,
	    gate_trend, gate_spf_alone, gate_lists, judge_record_lints, gate_temporary};
	size_t i;

	for (i = 0; i < sizeof gates / sizeof *gates; i++)
		gates[i](judge);
}
