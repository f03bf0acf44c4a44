/*
 * cmd_advise: may the policy of a domain go a step further? The limits come from [advice], the mail from
 * query/domain_mails.h, the judgement from analysis/advice.h; how it is written is in advise_*.c.
 */
#include "base/mem.h"
#include "cli/advise.h"
#include "cli/advise_parked.h"
#include "cli/question.h"
#include "config/config.h"
#include "query/domain_mails.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SHOWN = 20 };

static const struct option advise_options[] = {
    OPTION_DOMAIN,
    OPTION_SUBDOMAINS,
    {.name = "since",
	.metavar = "WHEN",
	.help = "nothing before this day (2026-01-31, or 30d, 12w before the end)"},
    {.name = "until",
	.metavar = "WHEN",
	.help = "as of this day (2026-01-31, or 30d, 12w before it; default: that of the newest report)"},
    OPTION_ONLY,
    {.name = "what-if",
	.metavar = "SOURCE=CHANGE",
	.help =
	    "as if SOURCE were fixed, ours, not-ours or a forwarder; may be given several times; without a "
	    "value: the fewest sources that have to be repaired",
	.repeatable = true,
	.optional = true},
    {.name = "impact", .help = "what quarantine and reject would have done, per source and class"},
    {.name = "accept-lists", .help = "mail that is lost at mailing lists holds nothing up"},
    {.name = "parked", .help = "the domain sends no mail"},
    {.name = "pct", .help = "steps by pct may be recommended"},
    {.name = "number",
	.letter = 'n',
	.metavar = "N",
	.help = "at most N lines of each list in the text; 0: all (default: 20)",
	.most = INT32_MAX},
    {.name = "format", .metavar = "text|json", .help = "form of the answer"},
    OPTION_END,
};

/* One run over all domains that were asked for. */
struct run {
	struct context *context;
	struct advice_rules rules;
	const char *parked; /* of the configuration; NULL: none */
	struct advice_change *changes;
	const char **kinds; /* what the source of each is; NULL: a crowd */
	size_t change_count;
	bool repairs;
	struct output *out;         /* of the paragraphs, or the JSON */
	struct tree tree;           /* of the JSON */
	struct advise_lines *lines; /* of the list; NULL: paragraphs */
	bool is_json, begun;
	struct arena arena;  /* of the run */
	struct arena domain; /* of one domain */
};

/* ---- what holds ---- */

static double
share_of(uint64_t percent)
{
	return (double)percent / (100.0 * CONFIG_PERCENT_UNIT);
}

static const struct setting *
setting(const struct context *context, const char *key)
{
	return config_find(context->config, "advice", NULL, key);
}

static void
read_rule(double rule[2], const struct context *context, const char *key)
{
	const struct setting *found = setting(context, key);
	uint64_t first = CONFIG_FIRST(found->number), second = CONFIG_SECOND(found->number);
	bool share = found->key.type == CONFIG_PERCENTS;

	rule[0] = share ? share_of(first) : (double)first;
	rule[1] = share ? share_of(second) : (double)second;
}

static void
read_rules(struct run *run)
{
	const struct context *context = run->context;
	struct advice_rules *rules = &run->rules;

	advice_rules_default(rules);
#define RULE(name, word, to_quarantine, to_reject, unit, help) read_rule(rules->name, context, word);
#include "base/advice_rules.def"
#undef RULE
	rules->confidence = share_of(setting(context, "confidence")->number);
	rules->intra = share_of(setting(context, "intra")->number);
	rules->accept_lists =
	    setting(context, "accept-lists")->number != 0 || context_has(context, "accept-lists");
	rules->pct = context_has(context, "pct");
	run->parked = setting(context, "parked")->text;
}

/* ---- what is supposed ---- */

static enum status
read_change(struct run *run, const char *text, struct err *err)
{
	struct advice_change *change = &run->changes[run->change_count];
	const char *is = strrchr(text, '=');
	struct decision subject = {0};
	struct ask ask = {0};
	struct str near;
	bool seen;

	if (is == NULL || is == text || !advise_change_read(&change->to, is + 1)) {
		(void)err_stop(err, EXIT_CODE_USAGE,
		    "not SOURCE=fixed, SOURCE=ours, SOURCE=not-ours or SOURCE=forwarder: \"%s\"", text);
		return err_at(err, "--what-if");
	}
	ask.sender = arena_str(&run->arena, (struct str){text, (size_t)(is - text)}).data;
	subject.source = str_of(ADVICE_CROWD);
	if (!text_same_nocase(ask.sender, strlen(ask.sender), ADVICE_CROWD) &&
	    query_subject(&subject, &seen, &near, &run->arena, store_db(run->context->store), &ask, err) !=
		OK)
		return err_at(err, "--what-if");
	change->source = subject.source;
	run->kinds[run->change_count] = subject.kind;
	run->change_count++;
	return OK;
}

/* The values of --what-if, and the arguments behind it that are changes and no domains. */
static enum status
read_changes(struct run *run, struct err *err)
{
	const struct context *context = run->context;
	enum status status = OK;
	const char *text;
	size_t i, count = context->arg_count;

	for (i = 0; context_each(context, "what-if", i) != NULL; i++)
		count++;
	run->changes = arena_zero(&run->arena, (count + 1) * sizeof *run->changes);
	run->kinds = arena_zero(&run->arena, (count + 1) * sizeof *run->kinds);
	for (i = 0; status == OK && (text = context_each(context, "what-if", i)) != NULL; i++)
		if (text[0] == '\0')
			run->repairs = true;
		else
			status = read_change(run, text, err);
	for (i = 0; status == OK && i < context->arg_count; i++)
		if (strchr(context->args[i], '=') != NULL && context_has(context, "what-if"))
			status = read_change(run, context->args[i], err);
	return status;
}

/* A decision that is supposed changes how mail is counted, as one that was marked does. */
static void
suppose(const struct run *run, struct domain_mails *mails)
{
	static const enum mail_decision decisions[] = {
	    [CHANGE_FIXED] = DECISION_NONE,
	    [CHANGE_OURS] = DECISION_OURS,
	    [CHANGE_NOT_OURS] = DECISION_NOT_OURS,
	    [CHANGE_FORWARDER] = DECISION_FORWARDER,
	};
	size_t i;

	for (i = 0; i < run->change_count; i++)
		if (run->changes[i].to != CHANGE_FIXED && run->kinds[i] != NULL)
			domain_mails_suppose(
			    mails, run->kinds[i], run->changes[i].source, decisions[run->changes[i].to]);
}

/* ---- one domain ---- */

static void
note_verdict(struct context *context, enum advice_verdict verdict)
{
	enum exit_code code = EXIT_CODE_OK;

	if (verdict == VERDICT_STEP_BACK)
		code = EXIT_CODE_BACK;
	else if (verdict == VERDICT_NOT_YET || verdict == VERDICT_NO_DATA)
		code = EXIT_CODE_FOUND;
	if (code > context->exit_code)
		context->exit_code = code;
}

static enum status
write_advised(struct run *run, const struct advised *advised, struct err *err)
{
	if (run->is_json) {
		advise_tree(&run->tree, advised);
		return OK;
	}
	if (run->begun)
		prose_gap(run->out);
	run->begun = true;
	advise_prose(run->out, advised);
	return advised->has_impact ? advise_impact_write(run->out, advised, err) : OK;
}

static enum status
judge(struct run *run, const struct mail *mail, struct err *err)
{
	const struct mail_view *view = mail_view(mail);
	struct advice_rules rules = run->rules;
	struct advice advice;
	struct advice_change *repairs = NULL;
	struct advice_impact *impact = NULL;
	struct advised advised = {
	    .advice = &advice,
	    .confidence = rules.confidence,
	    .changes = run->changes,
	    .change_count = run->change_count,
	    .has_repairs = run->repairs,
	    .has_impact = context_has(run->context, "impact"),
	    .most = (size_t)context_number(run->context, "number", MOST_SHOWN),
	};

	rules.parked = context_has(run->context, "parked") || advise_is_parked(run->parked, view->domain);
	advice_make(&advice, view, &rules, run->changes, run->change_count, &run->domain);
	note_verdict(run->context, advice.verdict);
	if (run->lines != NULL) {
		advise_lines_add(run->lines, &advice);
		return OK;
	}
	if (advised.has_repairs)
		advised.repair_count = advice_repairs(&repairs, &advised.enough, view, &rules, &run->domain);
	advised.repairs = repairs;
	if (advised.has_impact)
		advised.impact_count = advice_impact(&impact, view, &run->domain);
	advised.impact = impact;
	return write_advised(run, &advised, err);
}

static enum status
judge_all(struct run *run, struct domain_mails *mails, struct err *err)
{
	struct mail *mail = NULL;
	enum status status;

	while ((status = domain_mails_next(&mail, mails, err)) == OK && mail != NULL) {
		status = domain_mails_goes_on(&run->rules.until, mails, err);
		if (status == OK)
			status = judge(run, mail, err);
		mail_free(mail);
		arena_reset(&run->domain);
		if (status != OK)
			break;
	}
	return status;
}

/* ---- the answer ---- */

static enum status
open_answer(struct run *run, bool many, struct err *err)
{
	struct output_options options = question_output(run->context);

	if (many && !run->is_json)
		run->lines = advise_lines_new();
	return output_open(&run->out, run->is_json ? "json" : "table", &options, err);
}

static enum status
write_answer(struct run *run, struct domain_mails *mails, struct err *err)
{
	enum status status;

	if (run->is_json) {
		tree_begin(&run->tree, run->out);
		tree_object(&run->tree, NULL);
		tree_count(&run->tree, "format", OUTPUT_FORMAT);
		tree_array(&run->tree, "domains");
	}
	status = judge_all(run, mails, err);
	if (status != OK)
		return status;
	if (run->is_json) {
		tree_array_end(&run->tree);
		tree_object_end(&run->tree);
		return tree_end(&run->tree, err);
	}
	if (run->lines != NULL)
		return advise_lines_write(
		    run->lines, run->out, context_number(run->context, "number", MOST_SHOWN), err);
	return output_end(run->out, err);
}

static enum status
tell_left_out(struct run *run, struct domain_mails *mails, struct err *err)
{
	char text[EMPTY_TEXT];
	struct err note;
	enum status status = domain_mails_left_out(text, mails, err);

	if (status != OK || text[0] == '\0')
		return status;
	(void)err_set(&note, SKIP, "%s", text);
	context_message(run->context, &note);
	return OK;
}

static enum status
tell_none(struct run *run, struct domain_mails *mails, struct err *err)
{
	char text[EMPTY_TEXT];
	struct err note;
	enum status status = domain_mails_empty(text, mails, err);

	if (status != OK)
		return status;
	run->context->exit_code = EXIT_CODE_FOUND;
	(void)err_set(&note, SKIP, "%s", text);
	context_message(run->context, &note);
	return OK;
}

/* Arguments are domains, as the values of --domain are; those with a "=" are changes. */
static const char **
asked_domains(const struct context *context)
{
	const char **domains = mem_zero(context->arg_count + context->given_count + 1, sizeof *domains),
		   *text;
	size_t count = 0, i;

	for (i = 0; i < context->arg_count; i++)
		if (strchr(context->args[i], '=') == NULL || !context_has(context, "what-if"))
			domains[count++] = context->args[i];
	for (i = 0; (text = context_each(context, "domain", i)) != NULL; i++)
		domains[count++] = text;
	if (count > 0)
		return domains;
	free(domains);
	return NULL;
}

static enum status
check_options(const struct run *run, const struct ask *ask, struct err *err)
{
	const struct context *context = run->context;

	if (ask->domains == NULL && ask->subdomains)
		return err_stop(
		    err, EXIT_CODE_USAGE, "--include-subdomains: the subdomains of which domain?");
	if (ask->domains == NULL && context_has(context, "parked"))
		return err_stop(err, EXIT_CODE_USAGE, "--parked: which domain?");
	if (run->is_json && context_has(context, "number"))
		return err_stop(err, EXIT_CODE_USAGE, "--number: JSON has all");
	return OK;
}

static enum status
answer(struct run *run, const struct ask *ask, struct err *err)
{
	struct domain_mails *mails = NULL;
	enum status status = read_changes(run, err);
	bool alone, none;

	if (status == OK)
		status = domain_mails_open(&mails, store_db(run->context->store), ask, err);
	if (status != OK)
		return status;
	suppose(run, mails);
	alone = domain_mails_count(mails) == 1 || run->context->verbose || run->repairs ||
		run->change_count > 0 || context_has(run->context, "impact");
	none = domain_mails_count(mails) == 0;
	status = open_answer(run, !alone, err);
	if (status == OK && (!none || run->is_json))
		status = write_answer(run, mails, err);
	if (status == OK && none)
		status = tell_none(run, mails, err);
	if (status == OK)
		status = tell_left_out(run, mails, err);
	/* Of one domain it is no matter what else is written there. */
	if (status == OK && !none && ask->domains == NULL)
		status = advise_parked_tell(run->context, run->parked, err);
	domain_mails_close(mails);
	return status;
}

static enum status
advise_run(struct context *context, struct err *err)
{
	struct run run = {
	    .context = context, .is_json = strcmp(context_option(context, "format"), "json") == 0};
	const char **domains = asked_domains(context);
	struct ask ask = {
	    .domains = domains,
	    .subdomains = context_has(context, "include-subdomains"),
	    .since = context_option(context, "since"),
	    .until = context_option(context, "until"),
	    .authentic = strcmp(context_option(context, "only"), "authenticated") == 0,
	};
	enum status status;

	arena_init(&run.arena);
	arena_init(&run.domain);
	read_rules(&run);
	run.rules.authentic = ask.authentic;
	status = check_options(&run, &ask, err);
	if (status == OK)
		status = answer(&run, &ask, err);
	output_close(run.out);
	advise_lines_free(run.lines);
	arena_free(&run.domain);
	arena_free(&run.arena);
	free(domains);
	return status;
}

const struct command cmd_advise = {
    .name = "advise",
    .summary = "whether the policy of a domain may go a step further, and what stands in the way",
    .arguments = "[DOMAIN...]",
    .most_args = SIZE_MAX,
    .options = advise_options,
    .needs = NEEDS_READ,
    .run = advise_run,
};
