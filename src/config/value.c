/* value: a type of setting is a case here: a path, words, a whole number, yes or no, a percentage, a line of
 * text. */
#include "config/value.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERCENT_DECIMALS = 4, SHOWN = 100 /* bytes of a wrong value */ };

static enum status
wrong(struct err *err, const char *what, const char *value)
{
	return err_set(err, BAD, "%s: \"%.*s\"%s", what, SHOWN, value, strlen(value) > SHOWN ? " ..." : "");
}

/* Who comes from other files of settings puts texts into quotes, and comments behind them. */
static bool
has_quotes(const char *value)
{
	size_t len = strlen(value);

	return len > 1 && (value[0] == '"' || value[0] == '\'') && value[len - 1] == value[0];
}

static bool
has_comment(const char *value)
{
	bool quoted = false;

	for (; *value != '\0'; value++) {
		quoted = quoted != (*value == '"');
		if (!quoted && text_is_blank(value[0]) && (value[1] == '#' || value[1] == ';') &&
		    (value[2] == '\0' || text_is_blank(value[2])))
			return true;
	}
	return false;
}

static const char *
join(struct arena *arena, const char *folder, const char *rest)
{
	size_t size = strlen(folder) + strlen(rest) + 1;
	char *to = arena_alloc(arena, size);

	(void)snprintf(to, size, "%s%s", folder, rest);
	return to;
}

/* A relative one would depend on where the program is started. */
static enum status
read_path(struct setting *setting, const char *value, struct arena *arena, struct err *err)
{
	const char *home = getenv("HOME");

	if (value[0] == '"' || value[0] == '\'')
		return wrong(err, "a path stands without quotes", value);
	if (value[0] == '/') {
		setting->text = join(arena, value, "");
		return OK;
	}
	if (value[0] != '~' || value[1] != '/')
		return wrong(err, "neither an absolute path nor one that begins with ~/", value);
	if (home == NULL || home[0] != '/')
		return wrong(err, "no home folder is known", value);
	setting->text = join(arena, home, value + 1);
	return OK;
}

/* Quotes would belong to a word, and no word has any. */
static enum status
read_words(struct setting *setting, const char *value, struct arena *arena, struct err *err)
{
	if (strpbrk(value, "\"',;") != NULL)
		return wrong(err, "words stand with blanks between, without quotes and commas", value);
	setting->text = join(arena, value, "");
	return OK;
}

/* One word of what a setting says. */
typedef bool parse_word(uint64_t *number, const struct config_key *key, struct str word);

static bool
parse_number(uint64_t *number, const struct config_key *key, struct str word)
{
	return text_u64(number, word.data, word.len) && *number >= key->least && *number <= key->most;
}

static enum status
read_number(struct setting *setting, const char *value, struct err *err)
{
	const struct config_key *key = &setting->key;
	char what[128];

	if (key->type == CONFIG_OPTIONAL && strcmp(value, "none") == 0) {
		setting->number = CONFIG_NONE;
		return OK;
	}
	if (parse_number(&setting->number, key, str_of(value)))
		return OK;
	(void)snprintf(what, sizeof what, "not a whole number of %s from %llu to %llu%s", key->unit,
	    (unsigned long long)key->least, (unsigned long long)key->most,
	    key->type == CONFIG_OPTIONAL ? ", nor none" : "");
	return wrong(err, what, value);
}

/* "2 0.5", or "2" for both. */
static bool
parse_pair(uint64_t *number, const struct config_key *key, parse_word *parse, const char *value)
{
	size_t len = strcspn(value, " \t");
	uint64_t first, second;
	struct str rest;

	if (!parse(&first, key, (struct str){value, len}))
		return false;
	rest = str_trim(str_of(value + len));
	second = first;
	if (rest.len > 0 && !parse(&second, key, rest))
		return false;
	*number = CONFIG_PAIR(first, second);
	return true;
}

static enum status
read_numbers(struct setting *setting, const char *value, struct err *err)
{
	const struct config_key *key = &setting->key;
	char what[160];

	if (parse_pair(&setting->number, key, parse_number, value))
		return OK;
	(void)snprintf(what, sizeof what,
	    "not a whole number of %s from %llu to %llu, nor two (to quarantine, to reject)", key->unit,
	    (unsigned long long)key->least, (unsigned long long)key->most);
	return wrong(err, what, value);
}

static enum status
read_flag(struct setting *setting, const char *value, struct err *err)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return wrong(err, "neither yes nor no", value);
	setting->number = strcmp(value, "yes") == 0;
	return OK;
}

/* "99.5" or "99.5 %" as 995000. */
static bool
parse_percent(uint64_t *number, struct str text)
{
	const char *point;
	size_t whole, decimals, i;
	uint64_t part = 0;

	if (text.len > 0 && text.data[text.len - 1] == '%')
		text = str_trim((struct str){text.data, text.len - 1});
	point = memchr(text.data, '.', text.len);
	whole = point == NULL ? text.len : (size_t)(point - text.data);
	decimals = point == NULL ? 0 : text.len - whole - 1;
	if (!text_u64(number, text.data, whole) || *number > 100 || decimals > PERCENT_DECIMALS ||
	    (point != NULL && !text_u64(&part, point + 1, decimals)))
		return false;
	for (i = decimals; i < PERCENT_DECIMALS; i++)
		part *= 10;
	*number = *number * CONFIG_PERCENT_UNIT + part;
	return *number <= 100 * (uint64_t)CONFIG_PERCENT_UNIT;
}

static bool
parse_share(uint64_t *number, const struct config_key *key, struct str word)
{
	return parse_percent(number, word) && *number >= key->least && *number <= key->most;
}

static enum status
read_percent(struct setting *setting, const char *value, struct err *err)
{
	const struct config_key *key = &setting->key;
	char what[128], least[CONFIG_TEXT], most[CONFIG_TEXT];
	uint64_t number = CONFIG_NONE;

	if (key->most == 0 && strcmp(value, "none") != 0 && !parse_percent(&number, str_of(value)))
		return wrong(err, "not a percentage from 0 to 100, nor none", value);
	if (key->most > 0 && !parse_share(&number, key, str_of(value))) {
		config_number_text(least, CONFIG_PERCENT, key->least);
		config_number_text(most, CONFIG_PERCENT, key->most);
		(void)snprintf(what, sizeof what, "not a percentage from %s to %s", least, most);
		return wrong(err, what, value);
	}
	setting->number = number;
	return OK;
}

static enum status
read_percents(struct setting *setting, const char *value, struct err *err)
{
	if (parse_pair(&setting->number, &setting->key, parse_share, value))
		return OK;
	return wrong(err, "not a percentage from 0 to 100, nor two (to quarantine, to reject)", value);
}

/* A control character in a name would be a line of the dialogue with a mail server. */
static enum status
read_line(struct setting *setting, const char *value, struct arena *arena, struct err *err)
{
	const char *c;

	if (has_quotes(value))
		return err_set(err, BAD, "a text stands without quotes around it");
	for (c = value; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			return err_set(err, BAD, "a control character stands in it");
	setting->text = join(arena, value, "");
	return OK;
}

enum status
value_read(struct setting *setting, const char *value, struct arena *arena, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, BAD, "nothing stands behind the =");
	/* In a command the shell takes it for one. What is shown may hold a secret. */
	if (setting->key.type != CONFIG_COMMAND && has_comment(value))
		return err_set(err, BAD, "a comment stands in a line of its own, not behind a value");
	switch (setting->key.type) {
	case CONFIG_PATH:
		return read_path(setting, value, arena, err);
	case CONFIG_WORDS:
		return read_words(setting, value, arena, err);
	case CONFIG_NUMBER:
	case CONFIG_OPTIONAL:
		return read_number(setting, value, err);
	case CONFIG_FLAG:
		return read_flag(setting, value, err);
	case CONFIG_PERCENT:
		return read_percent(setting, value, err);
	case CONFIG_NUMBERS:
		return read_numbers(setting, value, err);
	case CONFIG_PERCENTS:
		return read_percents(setting, value, err);
	case CONFIG_LINE:
	case CONFIG_COMMAND:
		return read_line(setting, value, arena, err);
	}
	return err_set(err, BAD, "a setting of no type");
}

static void
pair_text(char to[CONFIG_TEXT], enum config_type type, uint64_t number)
{
	char first[CONFIG_TEXT], second[CONFIG_TEXT];

	config_number_text(first, type, CONFIG_FIRST(number));
	config_number_text(second, type, CONFIG_SECOND(number));
	if (strcmp(first, second) == 0)
		(void)snprintf(to, CONFIG_TEXT, "%s", first);
	else
		(void)snprintf(
		    to, CONFIG_TEXT, "%.*s %.*s", CONFIG_TEXT / 2 - 1, first, CONFIG_TEXT / 2 - 1, second);
}

void
config_number_text(char to[CONFIG_TEXT], enum config_type type, uint64_t number)
{
	size_t len;

	if (type == CONFIG_NUMBERS || type == CONFIG_PERCENTS) {
		pair_text(to, type == CONFIG_NUMBERS ? CONFIG_NUMBER : CONFIG_PERCENT, number);
		return;
	}

	if (type == CONFIG_FLAG) {
		(void)snprintf(to, CONFIG_TEXT, "%s", number != 0 ? "yes" : "no");
		return;
	}
	if ((type == CONFIG_PERCENT || type == CONFIG_OPTIONAL) && number == CONFIG_NONE) {
		(void)snprintf(to, CONFIG_TEXT, "none");
		return;
	}
	if (type != CONFIG_PERCENT) {
		(void)snprintf(to, CONFIG_TEXT, "%llu", (unsigned long long)number);
		return;
	}
	(void)snprintf(to, CONFIG_TEXT, "%llu.%04llu", (unsigned long long)(number / CONFIG_PERCENT_UNIT),
	    (unsigned long long)(number % CONFIG_PERCENT_UNIT));
	for (len = strlen(to); to[len - 1] == '0'; len--)
		to[len - 1] = '\0';
	if (to[len - 1] == '.')
		to[len - 1] = '\0';
}
