/*
 * cmd_kpi: indicators beside their targets; for cron, a target that is missed is a message and the exit code
 * is 1. Which are missed is the question's own answer; here it is put into words.
 */
#include "base/text.h"
#include "cli/question.h"
#include "cli/summary.h"
#include "config/config.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { PERCENT = CONFIG_PERCENT_UNIT, HUNDRED = 100 * PERCENT, TENTH = PERCENT / 10, MESSAGES_MAX = 20 };

/* An indicator: the key of [kpi], the parameter of the question, its column. */
static const struct indicator {
	const char *key, *parameter, *column;
	bool is_most; /* the target is what it may be at most */
	bool is_days; /* a number of days, else a percentage */
} indicators[] = {
    {"spf-pass", ":target_spf_pass", "spf_pass", false, false},
    {"spf-aligned", ":target_spf_aligned", "spf_aligned", false, false},
    {"dkim-signed", ":target_dkim_signed", "dkim_signed", false, false},
    {"dkim-aligned", ":target_dkim_aligned", "dkim_aligned", false, false},
    {"dmarc-pass", ":target_dmarc_pass", "dmarc_pass", false, false},
    {"newest-week", ":target_newest_week", "newest_week", false, false},
    {"policy-acted", ":target_policy_acted", "policy_acted", false, false},
    {"forwarded", ":target_forwarded", "forwarded", true, false},
    {"days-reported", ":target_days_reported", "days_reported", false, false},
    {"silent-days", ":target_silent_days", "silent_days", true, true},
};
enum { INDICATORS = sizeof indicators / sizeof *indicators };

struct watch {
	const struct context *context;
	struct ask_number targets[INDICATORS];
	struct err misses[MESSAGES_MAX]; /* told when the answer stands there */
	uint64_t count;                  /* kept or, beyond MESSAGES_MAX, only counted; -v: told at once */
};

/* The percentage in tenths as tables have it, but never so rounded that it would seem to meet the target. */
static uint64_t
shown_percent(const struct cell *cell, uint64_t target, bool is_most)
{
	uint64_t exact = (uint64_t)((double)cell->number * HUNDRED / (double)cell->whole);
	uint64_t tenths = (exact + TENTH / 2) / TENTH * TENTH;

	if (is_most ? tenths > target : tenths < target)
		return tenths;
	return is_most ? exact + 1 : exact < target ? exact : target - 1;
}

static void
tell(const struct watch *watch, struct str domain, struct err *miss)
{
	(void)err_at(miss, "%.*s", (int)domain.len, domain.data);
	(void)err_at(miss, "kpi");
	if (watch->context->verbose)
		context_message(watch->context, miss);
}

static void
add_miss(
    struct watch *watch, struct str domain, const struct column *column, const struct cell *cell, size_t i)
{
	uint64_t target = (uint64_t)watch->targets[i].value;
	char value[CONFIG_TEXT], limit[CONFIG_TEXT];
	struct err told = {0}, *miss = &told;

	if (watch->count++ >= MESSAGES_MAX && !watch->context->verbose)
		return;
	if (!watch->context->verbose)
		miss = &watch->misses[watch->count - 1];
	if (indicators[i].is_days) {
		(void)err_set(miss, SKIP, "no report for %s days, target at most %" PRIu64,
		    number_text(value, (uint64_t)cell->number), target);
		tell(watch, domain, miss);
		return;
	}
	config_number_text(value, CONFIG_PERCENT, shown_percent(cell, target, indicators[i].is_most));
	config_number_text(limit, CONFIG_PERCENT, target);
	(void)err_set(miss, SKIP, "%s %s %%, target %s%s %%", column->title, value,
	    indicators[i].is_most ? "at most " : "", limit);
	tell(watch, domain, miss);
}

/* A person before a terminal reads them in the table; what a program or cron mails tells each. */
static bool
has_seen_them(const struct context *context)
{
	return strcmp(context_option(context, "format"), "table") == 0 && isatty(STDOUT_FILENO) == 1;
}

static void
tell_misses(const struct watch *watch)
{
	struct err more = {0};
	char number[NUMBER_TEXT];
	uint64_t i;

	if (watch->context->verbose || watch->count == 0)
		return;
	if (has_seen_them(watch->context)) {
		(void)err_set(&more, SKIP, "%s target%s missed, in the column or line Targets: -v tells each",
		    number_text(number, watch->count), watch->count == 1 ? " is" : "s are");
		(void)err_at(&more, "kpi");
		context_message(watch->context, &more);
		return;
	}
	for (i = 0; i < watch->count && i < MESSAGES_MAX; i++)
		context_message(watch->context, &watch->misses[i]);
	if (watch->count <= MESSAGES_MAX)
		return;
	(void)err_set(
	    &more, SKIP, "... and %s more: -v tells all", number_text(number, watch->count - MESSAGES_MAX));
	context_message(watch->context, &more);
}

static const struct cell *
find_cell(
    const struct column **column, const struct section *section, const struct cell *cells, const char *name)
{
	size_t i;

	for (i = 0; i < section->count; i++)
		if (strcmp(section->columns[i].name, name) == 0) {
			*column = &section->columns[i];
			return &cells[i];
		}
	return NULL;
}

/* "missed: spf-pass, dmarc-pass" names the indicators that a row misses. */
static void
watch_row(void *data, const struct section *section, const struct cell *cells)
{
	const struct column *column;
	const struct cell *result = find_cell(&column, section, cells, "result"), *cell;
	size_t i;

	for (i = 0; i < INDICATORS && result->known; i++) {
		if (text_find_nocase(result->text.data, result->text.len, indicators[i].key) < 0)
			continue;
		cell = find_cell(&column, section, cells, indicators[i].column);
		add_miss(data, cells[0].text, column, cell, i);
	}
}

/* All domains together; no policy domain has such a name. */
static bool
is_total(const struct cell *cells)
{
	return cells[0].text.len == sizeof "(all)" - 1 &&
	       memcmp(cells[0].text.data, "(all)", sizeof "(all)" - 1) == 0;
}

static enum status
kpi_run(struct context *context, struct err *err)
{
	struct watch watch = {.context = context};
	struct question_extra extra = {.numbers = watch.targets,
	    .number_count = INDICATORS,
	    .parked = config_find(context->config, "advice", NULL, "parked")->text,
	    .row = watch_row,
	    .stays = is_total,
	    .data = &watch};
	const struct setting *setting;
	enum status status;
	size_t i;

	for (i = 0; i < INDICATORS; i++) {
		setting = config_find(context->config, "kpi", NULL, indicators[i].key);
		watch.targets[i] = (struct ask_number){.parameter = indicators[i].parameter,
		    .value = (int64_t)setting->number,
		    .known = setting->number != CONFIG_NONE};
	}
	status = question_run_extra(context, "kpi", &extra, err);
	if (status == OK && fflush(context->out) == 0)
		tell_misses(&watch);
	if (status == OK && watch.count > 0)
		context->exit_code = EXIT_CODE_FOUND;
	return status;
}

static const struct option kpi_options[] = {OPTION_DOMAIN, OPTION_SUBDOMAINS, OPTION_SINCE, OPTION_UNTIL,
    OPTION_ONLY, OPTION_SCREEN, OPTION_SORT, OPTION_FORMAT, OPTION_END};

const struct command cmd_kpi = {
    .name = "kpi",
    .summary = "indicators of each domain, and whether they meet their targets",
    .arguments = "",
    .options = kpi_options,
    .needs = NEEDS_READ,
    .run = kpi_run,
};
