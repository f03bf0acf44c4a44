/* limits: the table of limits.def as a struct of numbers and as names for people. A new limit is a line
 * there. */
#include "base/limits.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

static const struct limit_field {
	const char *field;
	size_t offset;
	struct limit_info info;
} fields[] = {
#define LIMIT(name, value, least, most, unit, reason)                                                        \
	{#name, offsetof(struct limits, name), {NULL, value, least, most, unit, reason}},
#include "base/limits.def"
#undef LIMIT
};

enum { FIELDS = sizeof fields / sizeof fields[0], NAME_MAX_BYTES = 32 };

static uint64_t *
limit_slot(struct limits *limits, size_t i)
{
	return (uint64_t *)(void *)((char *)limits + fields[i].offset);
}

static void
public_name(char *name, const char *field)
{
	size_t i;

	for (i = 0; field[i] != '\0' && i < NAME_MAX_BYTES - 1; i++)
		name[i] = field[i] == '_' ? '-' : field[i];
	name[i] = '\0';
}

void
limits_init(struct limits *limits)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		*limit_slot(limits, i) = fields[i].info.value;
}

const struct limit_info *
limits_info(size_t i)
{
	static _Thread_local struct limit_info info;
	static _Thread_local char name[NAME_MAX_BYTES];

	if (i >= FIELDS)
		return NULL;
	info = fields[i].info;
	public_name(name, fields[i].field);
	info.name = name;
	return &info;
}

static enum status
no_such_limit(const char *name, size_t len, struct err *err)
{
	char *word = mem_copy_n(name, len), best_name[NAME_MAX_BYTES];
	const char *best = NULL;
	size_t i;

	for (i = 0; i < len; i++)
		word[i] = word[i] == '-' ? '_' : word[i];
	for (i = 0; i < FIELDS; i++)
		word_nearest(&best, word, fields[i].field);
	if (best == NULL) {
		(void)err_set(
		    err, BAD, "no such limit: \"%.*s\"; dmarcq help limits lists them", (int)len, name);
	} else {
		public_name(best_name, best);
		(void)err_set(
		    err, BAD, "no such limit: \"%.*s\"; did you mean %s?", (int)len, name, best_name);
	}
	free(word);
	return err->status;
}

enum status
limits_set(struct limits *limits, const char *setting, struct err *err)
{
	const char *equals = strchr(setting, '=');
	const struct limit_info *info;
	uint64_t value;
	size_t i;

	if (equals == NULL)
		return err_set(err, BAD, "not NAME=VALUE: \"%s\"", setting);
	for (i = 0; (info = limits_info(i)) != NULL; i++)
		if (strlen(info->name) == (size_t)(equals - setting) &&
		    strncmp(info->name, setting, (size_t)(equals - setting)) == 0)
			break;
	if (info == NULL)
		return no_such_limit(setting, (size_t)(equals - setting), err);
	if (!text_u64(&value, equals + 1, strlen(equals + 1)) || value < info->least || value > info->most)
		return err_set(err, BAD, "%s must be a whole number of %s from %llu to %llu: \"%s\"",
		    info->name, info->unit, (unsigned long long)info->least, (unsigned long long)info->most,
		    equals + 1);
	*limit_slot(limits, i) = value;
	return OK;
}
