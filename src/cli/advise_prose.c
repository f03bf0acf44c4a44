/*
 * advise_prose: advice as people read it: the verdict and what it rests on, what stands in the way and how to
 * mend it, every gate, the record to publish. A new part is a function and a line in advise_prose.
 */
#include "cli/advise.h"

#include "cli/summary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	SENTENCE = 1000,
	INDENT = ADVISE_INDENT,
	CODE_WIDTH = ADVISE_CODE_WIDTH,
	NARROW = 60, /* a terminal below this has no columns for codes */
};

static void say(struct prose *prose, enum prose_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(struct prose *prose, enum prose_style style, const char *format, ...)
{
	char text[SENTENCE];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0)
		return;
	prose_add(
	    prose, style, (struct str){text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1});
}

static void
heading(struct output *out, const char *text)
{
	prose_gap(out);
	prose_text(out, 0, 0, PROSE_BOLD, str_of(text));
}

static const char *
plural(uint64_t number)
{
	return number == 1 ? "" : "s";
}

/* "at most 9.2 %, as": no break at the share's blank; behind begins with what sticks to it, or a blank. */
static void
say_share(struct prose *prose, const char *before, double share, const char *behind)
{
	char text[ADVISE_TEXT], whole[ADVISE_TEXT * 2];
	size_t sticks = strcspn(behind, " ");

	prose_add(prose, PROSE_PLAIN, str_of(before));
	(void)snprintf(whole, sizeof whole, "%s%.*s", advise_share(text, share), (int)sticks, behind);
	prose_add_whole(prose, PROSE_PLAIN, str_of(whole));
	prose_add(prose, PROSE_PLAIN, str_of(behind + sticks));
}

/* What -n leaves out of a list. */
static void
put_more(struct output *out, size_t count)
{
	char number[NUMBER_TEXT];
	struct prose prose;

	if (count == 0)
		return;
	prose_begin(&prose, out, INDENT, INDENT);
	say(&prose, PROSE_PLAIN, "%s more: -n 0 shows all", number_text(number, count));
	prose_end(&prose);
}

static enum prose_style
verdict_style(enum advice_verdict verdict)
{
	switch (verdict) {
	case VERDICT_READY:
	case VERDICT_KEEP:
		return PROSE_GOOD;
	case VERDICT_STEP_BACK:
		return PROSE_BAD;
	default:
		return PROSE_BOLD;
	}
}

static void
put_window(struct output *out, const struct advice *advice)
{
	char first[TIME_TEXT], last[TIME_TEXT], number[NUMBER_TEXT];
	int64_t days = advice->last - advice->first + 1;
	struct prose prose;

	day_format(first, advice->first);
	day_format(last, advice->last);
	prose_begin(&prose, out, INDENT, INDENT + INDENT);
	say(&prose, PROSE_PLAIN, "%s to %s (%lld day%s),", first, last, (long long)days,
	    plural((uint64_t)days));
	say(&prose, PROSE_PLAIN, "%s reporter%s,", number_text(number, advice->reporters),
	    plural(advice->reporters));
	say(&prose, PROSE_PLAIN, "%s legitimate message%s", number_text(number, advice->legitimate),
	    plural(advice->legitimate));
	if (advice->review > 0)
		say(&prose, PROSE_PLAIN, "and %s to be reviewed", number_text(number, advice->review));
	if (advice->spoofed > 0)
		say(&prose, PROSE_PLAIN, "(%s forged, which count for nothing)",
		    number_text(number, advice->spoofed));
	prose_end(&prose);
}

/* What the verdict rests on: the share that fails, and how sure that is. */
static void
put_bound(struct output *out, const struct advised *advised)
{
	const struct advice *advice = advised->advice;
	const struct stats_bound *bound = &advice->bound;
	char number[NUMBER_TEXT], confidence[ADVISE_TEXT], longer[ADVISE_TEXT];
	struct prose prose;

	if (advice->legitimate == 0)
		return;
	(void)snprintf(confidence, sizeof confidence, "%.4g %%", advised->confidence * 100);
	prose_begin(&prose, out, INDENT, INDENT + INDENT);
	say_share(&prose,
	    advice->optimistic.share < bound->share ? "legitimate mail that fails or is to be reviewed:"
						    : "legitimate mail that fails:",
	    advice->share, ";");
	if (advice->days > advice->last - advice->first + 1)
		say_share(&prose, advise_longer(longer, advice->days), bound->share, ",");
	prose_add(&prose, PROSE_PLAIN, str_of("with"));
	prose_add_whole(&prose, PROSE_PLAIN, str_of(confidence));
	say_share(&prose, "confidence at most", bound->upper, "");
	say(&prose, PROSE_PLAIN, "(%lld day%s; bursts allowed for, as good as %s message%s)",
	    (long long)advice->days, plural((uint64_t)advice->days),
	    number_text(number, (uint64_t)bound->effective), plural((uint64_t)bound->effective));
	prose_end(&prose);
	if (advice->repaired.share >= bound->share || advice->repaired.effective <= 0)
		return;
	prose_begin(&prose, out, INDENT, INDENT + INDENT);
	say_share(&prose, "without what is to be mended below:", advice->repaired.share, ";");
	say_share(&prose, "at most", advice->repaired.upper, "");
	prose_end(&prose);
}

static void
put_reach(struct output *out, const struct advice *advice)
{
	struct prose prose;

	if (advice->covers <= 0 || advice->legitimate == 0)
		return;
	prose_begin(&prose, out, INDENT, INDENT + INDENT);
	if (advice->covers == 1)
		say(&prose, PROSE_PLAIN, "senders that mail every day");
	else
		say(&prose, PROSE_PLAIN, "senders that mail at least every %lld days",
		    (long long)advice->covers);
	say(&prose, PROSE_PLAIN, "are covered%s", advice->unseen > 0 ? ";" : "");
	if (advice->unseen > 0)
		say_share(&prose, "", advice->unseen, " of mail comes from senders that were seen once");
	prose_end(&prose);
}

static void
put_head(struct output *out, const struct advised *advised)
{
	const struct advice *advice = advised->advice;
	char step[ADVISE_TEXT];
	struct prose prose;

	prose_begin(&prose, out, 0, INDENT);
	prose_add_whole(&prose, verdict_style(advice->verdict), str_of(advice_verdict_word(advice->verdict)));
	prose_pad(&prose, prose.used + INDENT);
	prose_add_whole(&prose, PROSE_BOLD, advice->domain);
	say(&prose, PROSE_PLAIN, "(%s)", advise_step(step, advice));
	prose_end(&prose);
	if (advice->small)
		prose_text(out, INDENT, INDENT, PROSE_BOLD,
		    str_of("a small sample: this rests on your own review of its senders"));
	if (advice->verdict == VERDICT_NO_DATA)
		return;
	put_window(out, advice);
	put_bound(out, advised);
	put_reach(out, advice);
}

/* most 0: all. */
static void
put_changes(
    struct output *out, const char *title, const struct advice_change *changes, size_t count, size_t most)
{
	struct prose prose;
	size_t i;

	heading(out, title);
	for (i = 0; i < count && (most == 0 || i < most); i++) {
		prose_begin(&prose, out, INDENT, INDENT + INDENT);
		prose_add(&prose, PROSE_PLAIN, changes[i].source);
		say(&prose, PROSE_BOLD, "= %s", advise_change_word(changes[i].to));
		prose_add(&prose, PROSE_PLAIN, str_of(advise_repair_else(&changes[i])));
		prose_end(&prose);
	}
	put_more(out, count - i);
}

static void
put_repairs(struct output *out, const struct advised *advised)
{
	if (!advised->has_repairs)
		return;
	put_changes(out, "The fewest repairs", advised->repairs, advised->repair_count, advised->most);
	if (advised->repair_count == 0 && (advised->enough || advised->advice->verdict != VERDICT_STEP_BACK))
		prose_text(out, INDENT, INDENT, PROSE_PLAIN, str_of("no sender has to be repaired"));
	prose_text(out, INDENT, INDENT, PROSE_PLAIN, str_of(advise_repairs_end(advised)));
}

/* "Fix:" and what belongs to it, below a refusal. */
static void
put_below(struct output *out, size_t indent, const char *label, struct str text, bool whole)
{
	struct prose prose;

	if (text.len == 0)
		return;
	prose_begin(&prose, out, indent, indent + INDENT + INDENT);
	prose_add(&prose, PROSE_PLAIN, str_of(label));
	if (whole)
		prose_add_whole(&prose, PROSE_DIM, text);
	else
		prose_add(&prose, PROSE_PLAIN, text);
	prose_end(&prose);
}

static size_t
code_indent(const struct output *out)
{
	size_t room = prose_room(out);

	return room > 0 && room < NARROW ? INDENT + INDENT : INDENT + CODE_WIDTH;
}

/* "Twilio SendGrid (1,030 a week, 8.6 % of the mail):"; there: under a name below, which the text tells. */
static void
say_subject(struct prose *prose, const struct advice_refusal *refusal, bool there)
{
	char number[NUMBER_TEXT];

	if (!refusal->has_source)
		return;
	prose_add(prose, PROSE_BOLD, refusal->subject);
	if (refusal->per_week < 1) {
		prose_add_whole(prose, PROSE_PLAIN, str_of("-"));
		return;
	}
	say(prose, PROSE_PLAIN, "(%s a week,", number_text(number, (uint64_t)(refusal->per_week + 0.5)));
	say_share(prose, "", refusal->share, there ? " of the mail there):" : " of the mail):");
}

static bool
is_below(const struct advice *advice, const struct advice_refusal *refusal)
{
	return refusal->name < advice->mail->name_count && !advice->mail->names[refusal->name].is_domain;
}

static void
put_refusal(struct output *out, const struct advice *advice, const struct advice_refusal *refusal, bool dated)
{
	static const char yours[] = "If yours:", not_yours[] = "If not yours:";
	size_t indent = code_indent(out);
	char day[TIME_TEXT];
	struct prose prose;

	prose_begin(&prose, out, INDENT, indent);
	prose_add_whole(&prose,
	    refusal->hit     ? PROSE_BAD
	    : refusal->warns ? PROSE_PLAIN
			     : PROSE_BOLD,
	    str_of(advice_code_word(refusal->code)));
	prose_pad(&prose, indent);
	say_subject(&prose, refusal, is_below(advice, refusal));
	prose_add(&prose, PROSE_PLAIN, refusal->text);
	prose_end(&prose);
	put_below(out, indent, "Fix:", refusal->fix, false);
	put_below(out, indent, refusal->ours_first ? yours : not_yours, refusal->command, true);
	put_below(out, indent, refusal->ours_first ? not_yours : yours, refusal->otherwise, true);
	put_below(out, indent, "See:", refusal->evidence, true);
	if (refusal->earliest <= 0 || !dated)
		return;
	day_format(day, refusal->earliest);
	put_below(out, indent, "Earliest:", str_of(day), false);
}

/* Those that the policy of today hits, those that stop, and those that are only told. */
enum group { GROUP_HIT, GROUP_STOPS, GROUP_TOLD };

static enum group
group_of(const struct advice_refusal *refusal)
{
	return refusal->hit ? GROUP_HIT : refusal->warns ? GROUP_TOLD : GROUP_STOPS;
}

static void
put_refusals(struct output *out, const struct advised *advised, enum group group, const char *title)
{
	const struct advice *advice = advised->advice;
	size_t count = 0, i;

	for (i = 0; i < advice->refusal_count; i++) {
		if (group_of(&advice->refusals[i]) != group || advise_is_beside(advice, &advice->refusals[i]))
			continue;
		if (count++ == 0)
			heading(out, title);
		if (advised->most == 0 || count <= advised->most)
			put_refusal(out, advice, &advice->refusals[i],
			    advice->verdict == VERDICT_NOT_YET && !advice->refusals[i].warns);
	}
	put_more(out, advised->most == 0 || count <= advised->most ? 0 : count - advised->most);
}

/* With what to do, unless that is told above. */
static void
put_name(struct output *out, const struct advice *advice, const struct advice_name *name, bool again)
{
	struct str domain = advice->mail->names[name->name].domain;
	char number[NUMBER_TEXT];
	struct prose prose;

	prose_begin(&prose, out, INDENT, INDENT + INDENT);
	prose_add_whole(&prose, verdict_style(name->verdict), str_of(advice_verdict_word(name->verdict)));
	prose_add(&prose, PROSE_BOLD, domain.data != NULL ? domain : str_of("all other names"));
	say(&prose, PROSE_PLAIN, "%s legitimate message%s,", number_text(number, name->messages),
	    plural(name->messages));
	say_share(&prose, "", name->failing, " failing");
	if (name->text.len > 0) {
		prose_add(&prose, PROSE_PLAIN, str_of("-"));
		prose_add(&prose, PROSE_PLAIN, name->text);
	}
	prose_end(&prose);
	if (again)
		return;
	put_below(out, INDENT + INDENT, "Fix:", name->fix, false);
	put_below(out, INDENT + INDENT, "See:", name->evidence, true);
}

static void
put_names(struct output *out, const struct advised *advised)
{
	const struct advice *advice = advised->advice;
	size_t most = advised->most > 0 ? advised->most : advice->name_count, i;

	if (advice->name_count == 0)
		return;
	heading(out, "Names below the domain");
	for (i = 0; i < advice->name_count && i < most; i++)
		put_name(out, advice, &advice->names[i],
		    advice->names[i].verdict == VERDICT_STEP_BACK ||
			(i > 0 && advice->names[i].source == advice->names[i - 1].source &&
			    str_same(advice->names[i].fix, advice->names[i - 1].fix)));
	put_more(out, advice->name_count - i);
}

/* A record and a command are to be copied: they are not broken. */
static void
put_record(struct output *out, const char *title, struct str record)
{
	struct prose prose;

	if (record.len == 0)
		return;
	heading(out, title);
	prose_begin(&prose, out, INDENT, INDENT);
	prose_add_whole(&prose, PROSE_PLAIN, record);
	prose_end(&prose);
}

static void
put_records(struct output *out, const struct advice *advice)
{
	char title[SENTENCE];

	put_record(out, "The record that reports tell of", advice->seen);
	if (advice->record.len == 0)
		return;
	(void)snprintf(title, sizeof title, "%s, at _dmarc.%.*s", advise_record_title(advice),
	    (int)advice->domain.len, advice->domain.data);
	put_record(out, title, advice->record);
	if (!str_same(advice->record, advice->seen))
		prose_text(out, INDENT, INDENT, PROSE_PLAIN,
		    str_of("with your own rua= and ruf= as they are: reports don't tell them"));
}

static void
put_notes(struct output *out, const struct advice *advice)
{
	struct prose prose;
	size_t i;

	if (advice->note_count > 0)
		heading(out, "Notes");
	for (i = 0; i < advice->note_count; i++) {
		prose_begin(&prose, out, INDENT, INDENT + INDENT);
		prose_add(&prose, PROSE_PLAIN, str_of("-"));
		prose_add(&prose, PROSE_PLAIN, advice->notes[i]);
		prose_end(&prose);
	}
}

static void
put_earliest(struct output *out, const struct advice *advice)
{
	char day[TIME_TEXT], as_of[TIME_TEXT];
	struct prose prose;

	if (advice->verdict != VERDICT_NOT_YET)
		return;
	prose_gap(out);
	prose_begin(&prose, out, 0, INDENT);
	if (advice->earliest > 0) {
		day_format(day, advice->earliest);
		day_format(as_of, advice->mail->span.as_of);
		say(&prose, PROSE_BOLD, "Earliest date: %s,", day);
		say(&prose, PROSE_PLAIN, "if everything above is done on %s", as_of);
	} else {
		say(&prose, PROSE_PLAIN, "No earliest date can be told: time alone does not mend it.");
	}
	prose_end(&prose);
}

/* At reject all that is wrong is only told, but for what makes names below step back. */
static const char *
warning_title(const struct advice *advice)
{
	return advice->verdict == VERDICT_STEP_BACK && advice->from == POLICY_REJECT &&
		       advice->to != advice->from
		   ? "What is wrong"
		   : "To know";
}

void
advise_prose(struct output *out, const struct advised *advised)
{
	const struct advice *advice = advised->advice;

	put_head(out, advised);
	if (advised->change_count > 0)
		put_changes(out, "Supposed", advised->changes, advised->change_count, 0);
	put_refusals(out, advised, GROUP_HIT, "Whose is it? If it is yours, it is lost now");
	put_refusals(out, advised, GROUP_STOPS, advise_way_title(advice->verdict));
	put_refusals(out, advised, GROUP_TOLD, warning_title(advice));
	put_repairs(out, advised);
	advise_gates_write(out, advice);
	put_names(out, advised);
	put_records(out, advice);
	put_notes(out, advice);
	put_earliest(out, advice);
}
