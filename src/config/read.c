/*
 * read: a configuration file, line by line. A mistake is noted with its line and reading goes on; the lines
 * of a section that can't be are passed over, so that one mistake is told once. Those of a section that comes
 * again are looked at all the same: it is the heading that is wrong.
 */
#include "base/mem.h"
#include "base/text.h"
#include "base/words.h"
#include "config/line.h"
#include "config/settings.h"
#include "config/value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_BYTES = 1048576 /* of a file at most */, FROM_BYTES = 512, SHOWN = 100 };

/* A section that stood in the file. */
struct seen {
	const struct seen *before;
	const struct config_section *section;
	const char *name;
	size_t line;
};

struct reading {
	struct config *config;
	FILE *file;
	size_t number, bytes;                 /* lines and bytes so far */
	const struct config_section *section; /* NULL: none, or one that can't be */
	const char *name;                     /* of the section */
	const struct seen *seen;
	bool passing; /* over the lines of a section that can't be */
	bool again;   /* the section stood there before: its lines are looked at and not taken */
	size_t len;   /* of the line */
	bool too_long, has_nul;
	char text[LINE_BYTES + 1];
};

/* Notes a mistake in this line; the section that it stands in comes before it. */
static void __attribute__((format(printf, 2, 3))) note(struct reading *reading, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	config_note(reading->config, reading->number,
	    reading->section != NULL ? reading->section->name : NULL, reading->name, format, args);
	va_end(args);
}

static const struct config_section *
find_section(const struct config *config, const char *name)
{
	const struct config_section *const *section;

	for (section = config->sections; *section != NULL; section++)
		if (strcmp((*section)->name, name) == 0)
			return *section;
	return NULL;
}

static void
unknown_section(struct reading *reading, const char *name)
{
	const struct config_section *const *section = reading->config->sections;
	const char *best = NULL;
	char list[256] = "";
	size_t used = 0;

	for (; *section != NULL; section++) {
		word_nearest(&best, name, (*section)->name);
		if (used < sizeof list)
			used += (size_t)snprintf(list + used, sizeof list - used, "%s[%s]",
			    used > 0 ? ", " : "", (*section)->name);
	}
	if (best != NULL)
		note(reading, "[%.*s]: no such section; did you mean [%s]?", SHOWN, name, best);
	else
		note(reading, "[%.*s]: no such section; there are %s", SHOWN, name, list);
}

static const struct seen *
find_seen(const struct reading *reading, const struct config_section *section, const char *name)
{
	const struct seen *seen;

	for (seen = reading->seen; seen != NULL; seen = seen->before)
		if (seen->section == section && (name == NULL || strcmp(seen->name, name) == 0))
			return seen;
	return NULL;
}

static void
see_section(struct reading *reading, const struct config_section *section, const char *name)
{
	struct seen *seen = arena_alloc(&reading->config->arena, sizeof *seen);

	*seen = (struct seen){reading->seen, section, name, reading->number};
	reading->seen = seen;
	reading->section = section;
	reading->name = name;
	reading->passing = reading->again = false;
	if (section->has_name)
		config_add_section(reading->config, section, name, reading->number);
}

/* Until the next section, what stands there belongs to none. */
static void
leave_section(struct reading *reading)
{
	reading->section = NULL;
	reading->name = NULL;
	reading->passing = true;
	reading->again = false;
}

/* Its mistakes are told at once with its heading, and not when that is mended. */
static void
see_again(struct reading *reading, const struct seen *seen)
{
	note(reading, "[%s%s%.*s]: given twice, first in line %zu", seen->section->name,
	    seen->name != NULL ? " " : "", SHOWN, seen->name != NULL ? seen->name : "", seen->line);
	reading->section = seen->section;
	reading->name = seen->name;
	reading->passing = false;
	reading->again = true;
}

static void
broken_section(struct reading *reading, const char *text)
{
	leave_section(reading);
	note(reading, "not a [SECTION] alone in its line: \"%.*s\"", SHOWN, text);
}

static void
take_section(struct reading *reading, const struct line *line)
{
	const struct config_section *section = find_section(reading->config, line->name);
	const struct seen *seen;

	leave_section(reading);
	if (section == NULL)
		unknown_section(reading, line->name);
	else if (section->has_name && line->value == NULL)
		note(reading, "[%s]: a name is missing: [%s NAME]", line->name, line->name);
	else if (!section->has_name && line->value != NULL)
		note(reading, "[%s]: takes no name: \"%.*s\"", line->name, SHOWN, line->value);
	else if ((seen = find_seen(reading, section, line->value)) != NULL)
		see_again(reading, seen);
	else
		see_section(reading, section, line->value);
}

static void
unknown_key(struct reading *reading, const char *name)
{
	struct config_key key;
	const char *best = NULL, *hint = config_hint(reading->section->name, name);
	size_t i;

	if (hint != NULL) {
		note(reading, "%.*s: no such setting: %s", SHOWN, name, hint);
		return;
	}
	for (i = 0; reading->section->key(&key, i); i++)
		word_nearest(&best, name,
		    config_slot(reading->config, reading->section->name, reading->name, key.name)->key.name);
	if (best != NULL)
		note(reading, "%.*s: no such setting; did you mean %s?", SHOWN, name, best);
	else
		note(reading, "%.*s: no such setting", SHOWN, name);
}

static void
take_pair(struct reading *reading, const struct line *line)
{
	struct config *config = reading->config;
	struct setting *setting, unused;
	char from[FROM_BYTES];
	struct err err;

	if (reading->section == NULL) {
		note(reading, "%.*s: stands before any [section]", SHOWN, line->name);
		return;
	}
	setting = config_slot(config, reading->section->name, reading->name, line->name);
	if (setting == NULL) {
		unknown_key(reading, line->name);
		return;
	}
	if (reading->again) {
		unused = *setting;
		if (value_read(&unused, line->value, &config->arena, &err) != OK)
			note(reading, "%s: %s", line->name, err.what);
		return;
	}
	if (setting->line > 0) {
		note(reading, "%s: given twice, first in line %zu", line->name, setting->line);
		return;
	}
	setting->line = reading->number;
	(void)snprintf(from, sizeof from, "%s:%zu", config->path, reading->number);
	if (value_read(setting, line->value, &config->arena, &err) == OK)
		setting->from = config_copy(config, from);
	else
		note(reading, "%s: %s", line->name, err.what);
}

/* The next line without its end; false behind the last. */
static bool
next_line(struct reading *reading)
{
	int c = getc(reading->file);

	if (c == EOF || reading->bytes >= FILE_BYTES)
		return false;
	reading->number++;
	reading->len = 0;
	reading->too_long = reading->has_nul = false;
	for (; c != EOF && c != '\n' && reading->bytes < FILE_BYTES; c = getc(reading->file)) {
		reading->bytes++;
		reading->has_nul |= c == '\0';
		if (reading->len < LINE_BYTES)
			reading->text[reading->len++] = (char)c;
		else
			reading->too_long = true;
	}
	reading->bytes++;
	reading->text[reading->len] = '\0';
	return true;
}

static void
take_line(struct reading *reading)
{
	static const char mark[] = "\xef\xbb\xbf"; /* that some editors put before UTF-8 */
	const char *text = reading->text;
	struct line line;

	if (reading->too_long || reading->has_nul) {
		if (reading->too_long)
			note(reading, "longer than %d bytes", (int)LINE_BYTES);
		else
			note(reading, "holds a NUL byte: this is no text in UTF-8");
		return;
	}
	if (reading->number == 1 && strncmp(text, mark, sizeof mark - 1) == 0)
		text += sizeof mark - 1;
	line_read(&line, text, &reading->config->arena);
	if (line.kind == LINE_SECTION)
		take_section(reading, &line);
	else if (line.kind == LINE_BROKEN)
		broken_section(reading, text);
	else if (line.kind == LINE_PAIR && !reading->passing)
		take_pair(reading, &line);
	else if (line.kind == LINE_WRONG && !reading->passing)
		note(reading, "neither [SECTION] nor NAME = VALUE: \"%.*s\"", SHOWN, text);
}

static enum status
open_file(FILE **file, const char *path, struct err *err)
{
	struct stat about;

	*file = fopen(path, "re");
	if (*file == NULL && (errno == ENOENT || errno == ENOTDIR)) {
		(void)err_set(err, SKIP, "%s", strerror(errno));
		return err_at(err, "%s", path);
	}
	if (*file != NULL && fstat(fileno(*file), &about) == 0 && S_ISDIR(about.st_mode)) {
		(void)fclose(*file);
		*file = NULL;
		errno = EISDIR;
	}
	if (*file != NULL)
		return OK;
	(void)err_stop(err, EXIT_CODE_CONFIG, "cannot read the configuration: %s", strerror(errno));
	return err_at(err, "%s", path);
}

enum status
config_read(struct config *config, const char *path, struct err *err)
{
	struct reading *reading;
	enum status status;
	FILE *file;

	status = open_file(&file, path, err);
	if (status != OK)
		return status;
	reading = mem_zero(1, sizeof *reading);
	reading->config = config;
	reading->file = file;
	config->path = config_copy(config, path);
	while (next_line(reading))
		take_line(reading);
	leave_section(reading);
	if (reading->bytes >= FILE_BYTES)
		note(reading, "the file is longer than %d bytes", (int)FILE_BYTES);
	if (ferror(file) != 0) {
		status =
		    err_stop(err, EXIT_CODE_CONFIG, "cannot read the configuration: %s", strerror(errno));
		(void)err_at(err, "%s", path);
	}
	(void)fclose(file);
	free(reading);
	return status;
}
