/* cmd_mark: what somebody decides about a source, and the list of what was decided. */
#include "base/mem.h"
#include "cli/options.h"
#include "cli/question.h"
#include "cli/summary.h"
#include "store/decision.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A note is a sentence or two, a name is one. */
enum { MOST_NOTE = 1000, MOST_WHO = 200 };

static const char verdicts[] = "ours|not-ours|forwarder|undecided";

static const struct option mark_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    {.name = "note", .metavar = "TEXT", .help = "why: a line of text"},
    {.name = "until", .metavar = "DATE", .help = "the last day on which it holds (2026-12-31)"},
    {.name = "by", .metavar = "NAME", .help = "who decided (default: the login name)"},
    {.name = "list", .help = "list what was decided instead: the latest of each source and domain"},
    {.name = "all", .help = "with --list: also what was replaced since"},
    OPTION_SORT,
    OPTION_NUMBER,
    OPTION_FORMAT,
    OPTION_END,
};

/* Options that belong to one of both are refused with the other, and not left without effect. */
static enum status
check_options(const struct context *context, bool list, struct err *err)
{
	static const char *const deciding[] = {"note", "until", "by", NULL};
	static const char *const listing[] = {"all", "sort", "number", "format", NULL};
	const char *const *name;

	for (name = list ? deciding : listing; *name != NULL; name++)
		if (context_has(context, *name))
			return err_stop(err, EXIT_CODE_USAGE,
			    list ? "--%s: does not go with --list" : "--%s: only with --list", *name);
	return OK;
}

static enum status
list_run(struct context *context, struct err *err)
{
	const struct ask_number history = {":history", context_has(context, "all"), true};
	const struct question_extra extra = {.numbers = &history, .number_count = 1};
	enum status status;

	if (context->arg_count > 0)
		return err_stop(
		    err, EXIT_CODE_USAGE, "--list: one argument too many: \"%s\"", context->args[0]);
	status = check_options(context, true, err);
	if (status == OK)
		status = store_open(&context->store, context->db_path, STORE_READ, &context->limits, err);
	return status == OK ? question_run_extra(context, "mark", &extra, err) : status;
}

/* One line that everybody can read: UTF-8 without control characters, and not only blanks. */
static enum status
check_line(const char *option, const char *text, size_t most, struct err *err)
{
	size_t len = strlen(text), i, step;
	uint32_t point;

	if (len > most)
		return err_stop(err, EXIT_CODE_USAGE, "--%s: longer than %zu bytes", option, most);
	if (str_trim(str_of(text)).len == 0)
		return err_stop(err, EXIT_CODE_USAGE, "--%s: it says nothing", option);
	for (i = 0; i < len; i += step) {
		step = text_utf8(text + i, len - i, &point);
		if (step == 0 || point < ' ' || (point >= 0x7f && point < 0xa0))
			return err_stop(
			    err, EXIT_CODE_USAGE, "--%s: not one line of text: \"%s\"", option, text);
	}
	return OK;
}

static enum status
read_until(struct decision *decision, const char *text, struct err *err)
{
	int64_t seconds;

	decision->has_until = text != NULL;
	if (text == NULL)
		return OK;
	if (strlen(text) != 10 || !time_parse_iso(&seconds, text, 10))
		return err_stop(err, EXIT_CODE_USAGE, "--until: not a day: \"%s\": write 2026-12-31", text);
	decision->until = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
	return OK;
}

static bool
is_verdict(const char *word)
{
	size_t len = strlen(word);
	const char *at = strstr(verdicts, word);

	return len > 0 && strchr(word, '|') == NULL && at != NULL && (at == verdicts || at[-1] == '|') &&
	       (at[len] == '\0' || at[len] == '|');
}

/* The last argument; what stands before it are sources. */
static enum status
read_verdict(struct decision *decision, const struct context *context, struct err *err)
{
	size_t last = context->arg_count - 1, i;

	for (i = 1; i < last; i++)
		if (is_verdict(context->args[i]))
			return err_stop(
			    err, EXIT_CODE_USAGE, "one argument too many: \"%s\"", context->args[i + 1]);
	decision->verdict = context->args[last];
	if (is_verdict(decision->verdict))
		return OK;
	return err_stop(err, EXIT_CODE_USAGE, "not one of %s: \"%s\"", verdicts, decision->verdict);
}

/* Who is logged in, also behind su and sudo; else whose process this is. */
static const char *
login_name(void)
{
	const char *name = getlogin();
	const struct passwd *user;

	if (name != NULL && name[0] != '\0')
		return name;
	user = getpwuid(getuid());
	return user == NULL ? NULL : user->pw_name;
}

/* All that can be read without the database. */
static enum status
read_words(struct decision *decision, const struct context *context, struct err *err)
{
	const char *note = context_option(context, "note"), *by = context_option(context, "by");
	enum status status;

	if (context->arg_count < 2)
		return err_stop(
		    err, EXIT_CODE_USAGE, "%s is missing", context->arg_count == 0 ? "SOURCE" : verdicts);
	status = read_verdict(decision, context, err);
	if (status == OK && note == NULL)
		status = err_stop(err, EXIT_CODE_USAGE, "why? --note TEXT");
	if (status == OK)
		status = check_line("note", note, MOST_NOTE, err);
	if (status == OK)
		status = read_until(decision, context_option(context, "until"), err);
	decision->note = note;
	decision->who = by != NULL ? by : login_name();
	if (status == OK && decision->who == NULL)
		status = err_stop(err, EXIT_CODE_USAGE, "who decides? --by NAME");
	return status == OK ? check_line("by", decision->who, MOST_WHO, err) : status;
}

static void
tell(const struct context *context, const struct decision *decision, bool seen, struct str near)
{
	char number[NUMBER_TEXT];
	struct err note;
	struct str domain = decision->domain_count == 1 ? decision->domains[0] : str_of("all domains");
	int len = (int)decision->source.len;

	if (!seen) {
		(void)err_set(&note, SKIP, "no mail came from it yet%s%.*s",
		    near.len > 0 ? "; near it: " : "", (int)near.len, near.data);
		(void)err_at(&note, "%.*s", len, decision->source.data);
		context_message(context, &note);
	}
	if (decision->domain_count > 1)
		(void)err_set(&note, SKIP, "%.*s: %s for %s domains", len, decision->source.data,
		    decision->verdict, number_text(number, decision->domain_count));
	else
		(void)err_set(&note, SKIP, "%.*s: %s for %.*s", len, decision->source.data, decision->verdict,
		    (int)domain.len, domain.data);
	if (!context->quiet)
		line_print(context->out, note.what);
}

/* A decision that has ended when it is made is seldom meant. */
static enum status
tell_ended(const struct context *context, const struct decision *decision, struct err *err)
{
	char day[TIME_TEXT];
	struct err note;
	bool ended = false;
	enum status status =
	    decision->has_until ? query_is_over(&ended, store_db(context->store), decision->until, err) : OK;

	if (status != OK || !ended)
		return status;
	day_format(day, decision->until);
	(void)err_set(
	    &note, SKIP, "--until %s is before the newest report: the decision has ended already", day);
	context_message(context, &note);
	return OK;
}

/* What passes is seldom somebody else's: it may be an own server with a neighbour. */
static enum status
tell_passing(
    const struct context *context, const struct decision *decision, const struct ask *ask, struct err *err)
{
	char number[NUMBER_TEXT];
	struct err note;
	uint64_t messages = 0;
	enum status status = strcmp(decision->verdict, "not-ours") != 0
				 ? OK
				 : query_passing(&messages, decision, store_db(context->store), ask, err);

	if (status != OK || messages == 0)
		return status;
	(void)err_set(&note, SKIP, "%s message%s of it passed in the last 90 days%s: `dmarcq why` shows them",
	    number_text(number, messages), messages == 1 ? "" : "s",
	    strcmp(decision->kind, "network") == 0 ? ", and those of an address that passes by SPF stay yours"
						   : "");
	(void)err_at(&note, "%.*s", (int)decision->source.len, decision->source.data);
	context_message(context, &note);
	return OK;
}

/* A source of the command line, and what is decided about it. */
struct subject {
	struct decision decision;
	bool seen;
	struct str near;
};

/* Two names of one source are one. */
static bool
is_told_before(const struct subject *subjects, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (str_same(subjects[k].decision.source, subjects[i].decision.source))
			return true;
	return false;
}

static enum status
decide(struct context *context, struct subject *subject, const struct ask *ask, const char *name,
    struct err *err)
{
	struct ask asked = *ask;
	enum status status = store_decide(context->store, &subject->decision, err);

	if (status != OK)
		return status;
	asked.sender = name;
	tell(context, &subject->decision, subject->seen, subject->near);
	return tell_passing(context, &subject->decision, &asked, err);
}

/* All of them are found before anything is decided about the first. */
static enum status
decide_all(struct context *context, const struct decision *words, struct arena *arena, struct err *err)
{
	size_t count = context->arg_count - 1, i;
	struct subject *subjects = arena_zero(arena, count * sizeof *subjects);
	struct ask ask;
	enum status status = question_ask(&ask, context, err);

	ask.since = ask.until = NULL; /* they are not those of a question */
	for (i = 0; status == OK && i < count; i++) {
		subjects[i].decision = *words;
		ask.sender = context->args[i];
		status = query_subject(&subjects[i].decision, &subjects[i].seen, &subjects[i].near, arena,
		    store_db(context->store), &ask, err);
	}
	for (i = 0; status == OK && i < count; i++)
		if (!is_told_before(subjects, i))
			status = decide(context, &subjects[i], &ask, context->args[i], err);
	question_ask_free(&ask);
	return status == OK ? tell_ended(context, words, err) : status;
}

/* It may have been forgotten, and one sender is seldom judged the same everywhere. */
static enum status
tell_everywhere(const struct context *context, struct err *err)
{
	char number[NUMBER_TEXT];
	struct err note;
	int64_t domains = 0;
	enum status status =
	    context_has(context, "domain") ? OK : query_domains(&domains, store_db(context->store), err);

	if (status != OK || domains < 2)
		return status;
	(void)err_set(&note, SKIP, "no --domain: this is for all %s domains, and for new ones",
	    number_text(number, (uint64_t)domains));
	context_message(context, &note);
	return OK;
}

static enum status
mark_run(struct context *context, struct err *err)
{
	struct decision decision = {0};
	struct arena arena;
	enum status status;

	if (context_has(context, "list"))
		return list_run(context, err);
	status = check_options(context, false, err);
	if (status == OK)
		status = read_words(&decision, context, err);
	if (status == OK)
		status = store_open(&context->store, context->db_path, STORE_WRITE, &context->limits, err);
	if (status != OK)
		return status;
	arena_init(&arena);
	status = decide_all(context, &decision, &arena, err);
	if (status == OK)
		status = tell_everywhere(context, err);
	arena_free(&arena);
	return status;
}

const struct command cmd_mark = {
    .name = "mark",
    .summary = "notes what you decide about a source: whether it is yours; lists what was decided",
    .arguments = "SOURCE... ours|not-ours|forwarder|undecided",
    .most_args = SIZE_MAX,
    .options = mark_options,
    .needs = NEEDS_PATH,
    .run = mark_run,
};
