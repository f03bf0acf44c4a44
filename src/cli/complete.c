/*
 * complete: the values that may stand at the cursor, by the words that help has for them; domains and sources
 * come from the database. Whatever fails is no candidate.
 */
#include "cli/complete.h"

#include "cli/settings.h"
#include "query/query.h"
#include "store/store.h"

#include <ctype.h>
#include <string.h>

void
offer_n(const struct completion *completion, const char *text, size_t len, const char *meaning)
{
	size_t begun = strlen(completion->begun);

	if (len < begun || strncmp(text, completion->begun, begun) != 0)
		return;
	(void)fprintf(
	    completion->out, "%.*s%.*s", (int)completion->head_len, completion->head, (int)len, text);
	(void)fprintf(completion->out, meaning[0] == '\0' ? "\n" : "\t%s\n", meaning);
}

void
offer(const struct completion *completion, const char *text, const char *meaning)
{
	offer_n(completion, text, strlen(text), meaning);
}

/*
 * Text from reports: only what is harmless in every shell, quoted or not well quoted, and that can't be
 * taken for an option.
 */
static void
offer_found(void *data, struct str text)
{
	size_t i;

	if (text.len == 0 || text.len > 255 || !isalnum((unsigned char)text.data[0]))
		return;
	for (i = 0; i < text.len; i++)
		if (!isalnum((unsigned char)text.data[i]) && strchr(" ._-:/+@,&()=", text.data[i]) == NULL)
			return;
	offer_n(data, text.data, text.len, "");
}

static void
offer_from_database(
    struct completion *completion, enum query_suggest what, void (*take)(void *data, struct str text))
{
	struct context context = {
	    .command = completion->command,
	    .given = completion->settings,
	    .given_count = completion->setting_count,
	};
	struct store *store = NULL;
	struct err ignored;

	if (settings_read(&context, &ignored) == OK &&
	    store_open(&store, context.db_path, STORE_READ, &context.limits, &ignored) == OK)
		(void)query_suggest(store_db(store), what, take, completion, &ignored);
	store_close(store);
	settings_free(&context);
}

static void
offer_domains(struct completion *completion)
{
	offer_from_database(completion, SUGGEST_DOMAINS, offer_found);
}

static void
offer_sources(struct completion *completion)
{
	offer_from_database(completion, SUGGEST_SOURCES, offer_found);
}

/* "SOURCE=": what becomes of it is typed behind that. */
static void
offer_change(void *data, struct str text)
{
	char change[512];

	if (text.len > 255)
		return;
	(void)snprintf(change, sizeof change, "%.*s=", (int)text.len, text.data);
	offer_found(data, str_of(change));
}

static void
offer_changes(struct completion *completion)
{
	offer_from_database(completion, SUGGEST_SOURCES, offer_change);
}

static void
offer_files(struct completion *completion)
{
	(void)fputs(":files\n", completion->out);
}

static void
offer_mailboxes(struct completion *completion)
{
	struct context context = {
	    .command = completion->command,
	    .given = completion->settings,
	    .given_count = completion->setting_count,
	};
	struct err ignored;
	const char *name;
	size_t i;

	if (settings_read(&context, &ignored) == OK)
		for (i = 0; (name = config_name(context.config, "mailbox", i)) != NULL; i++)
			offer_found(completion, str_of(name));
	settings_free(&context);
}

static void
offer_import(struct completion *completion)
{
	offer_mailboxes(completion);
	offer_files(completion);
}

static void
offer_folders(struct completion *completion)
{
	(void)fputs(":folders\n", completion->out);
}

static void
offer_limits(struct completion *completion)
{
	const struct limit_info *info;
	char name[128];
	size_t i;

	for (i = 0; (info = limits_info(i)) != NULL; i++) {
		(void)snprintf(name, sizeof name, "%s=", info->name);
		offer(completion, name, info->reason);
	}
}

static void
offer_times(struct completion *completion)
{
	offer(completion, "7d", "a week before the newest report");
	offer(completion, "30d", "thirty days");
	offer(completion, "12w", "twelve weeks");
	offer(completion, "365d", "a year");
}

/* The columns of the question that the command is named after. */
static void
offer_columns(struct completion *completion)
{
	const struct question *question = question_find(completion->command->name);
	size_t i;

	for (i = 0; question != NULL && i < question->sections[0].section.count; i++)
		offer(completion, question->sections[0].section.columns[i].name,
		    question->sections[0].section.columns[i].title);
}

/* What stands for a value: by the word that help has for it, of one command or of all. A new kind is a line.
 */
static const struct {
	const char *command, *metavar;
	void (*offer)(struct completion *completion);
} values[] = {
    {"import", "SOURCE", offer_import},
    {NULL, "MAILBOX", offer_mailboxes},
    {"watch", "NAME", offer_mailboxes},
    {NULL, "SOURCE", offer_sources},
    {NULL, "D", offer_domains},
    {NULL, "DOMAIN", offer_domains},
    {NULL, "SOURCE=CHANGE", offer_changes},
    {NULL, "WHEN", offer_times},
    {NULL, "COLUMN", offer_columns},
    {NULL, "NAME=VALUE", offer_limits},
    {NULL, "PATH", offer_files},
    {NULL, "FILE", offer_files},
    {NULL, "DIR", offer_folders},
};

static void
offer_value(struct completion *completion, const char *metavar, size_t len)
{
	const char *command = completion->command->name;
	size_t i;

	if (len > 0 && islower((unsigned char)metavar[0])) {
		offer_n(completion, metavar, len, "");
		return;
	}
	for (i = 0; i < sizeof values / sizeof *values; i++) {
		if (strlen(values[i].metavar) != len || strncmp(values[i].metavar, metavar, len) != 0 ||
		    (values[i].command != NULL && strcmp(values[i].command, command) != 0))
			continue;
		values[i].offer(completion);
		return;
	}
}

/* "IP|CIDR|SOURCE", "table|csv|json" */
void
offer_values(struct completion *completion, const char *metavars, size_t len)
{
	size_t part;

	for (; len > 0; metavars += part, len -= part) {
		part = strcspn(metavars, "|");
		part = part < len ? part : len;
		offer_value(completion, metavars, part);
		part += part < len;
	}
}
