/* sources: files, folders and Maildirs to read from, made for one test and removed behind it. */
#include "unit/sources.h"

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 8192 };

char top[PATH_MAX];
struct limits limits;
struct source_options options;

static int
remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void
remove_all(const char *path)
{
	ck_assert_int_eq(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void
set_up(void)
{
	const char *folder = getenv("TMPDIR");
	char template[PATH_MAX];

	(void)snprintf(template, sizeof template, "%s/source.XXXXXX", folder == NULL ? "/tmp" : folder);
	ck_assert_ptr_nonnull(mkdtemp(template));
	ck_assert_ptr_nonnull(realpath(template, top));
	ck_assert_int_eq(chdir(top), 0);
	limits_init(&limits);
	options = (struct source_options){.settle = SETTLE_LEAVE, .limits = &limits};
}

void
tear_down(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	remove_all(top);
}

void
make_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

void
make_folders(const char *const *paths)
{
	for (; *paths != NULL; paths++)
		ck_assert_int_eq(mkdir(*paths, 0755), 0);
}

void
make_maildir(const char *path)
{
	static const char *const parts[] = {"", "/cur", "/new", "/tmp"};
	char part[PATH_MAX];
	size_t i;

	for (i = 0; i < 4; i++) {
		(void)snprintf(part, sizeof part, "%s%s", path, parts[i]);
		ck_assert_int_eq(mkdir(part, 0755), 0);
	}
}

void
has_text(const char *path, const char *text)
{
	char got[256] = "";
	FILE *file = fopen(path, "r");

	ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
	got[fread(got, 1, sizeof got - 1, file)] = '\0';
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_str_eq(got, text);
}

bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

struct source *
open_source(const char *text)
{
	struct source *source = NULL;
	struct err err = {.what = ""};

	ck_assert_msg(source_open(&source, text, &options, &err) == OK, "%s: %s", err.where, err.what);
	return source;
}

const char *
below_top(const char *path)
{
	size_t len = strlen(top);

	if (strncmp(path, top, len) != 0)
		return path;
	return path[len] == '/' ? path + len + 1 : ".";
}

static void
add_line(char *lines, const char *a, const char *b, const char *c)
{
	size_t len = strlen(lines);

	ck_assert_int_lt(snprintf(lines + len, TEXT_MAX - len, "%s%s%s\n", a, b, c), (int)(TEXT_MAX - len));
}

const char *
all_of(const char *text)
{
	static char lines[TEXT_MAX];
	struct source *source = open_source(text);
	char folder[PATH_MAX];
	enum status status;
	struct item *item;
	struct err err;

	lines[0] = '\0';
	while ((status = source_next(source, &item, &err)) != SKIP) {
		if (status == OK) {
			(void)snprintf(folder, sizeof folder, "%s|", below_top(item->folder));
			add_line(lines, folder, item->name, item->maildir_new ? " new" : "");
			ck_assert(item->remember);
			item_free(item);
			continue;
		}
		ck_assert_int_eq(status, BAD);
		(void)snprintf(folder, sizeof folder, "! %s: ", below_top(err.where));
		add_line(lines, folder, err.what, "");
	}
	source_close(source);
	return lines;
}

struct item *
first_of(struct source *source)
{
	struct item *item;
	struct err err = {.what = ""};

	ck_assert_msg(source_next(source, &item, &err) == OK, "%s: %s", err.where, err.what);
	return item;
}

void
reads(struct item *item, const char *text)
{
	struct spool spool;
	struct err err = {.what = ""};
	int fd;

	spool_init(&spool);
	ck_assert_msg(item_read(item, &spool, &fd, &err) == OK, "%s", err.what);
	ck_assert_int_eq(fd, -1);
	ck_assert_uint_eq(spool.len, strlen(text));
	ck_assert_int_eq(memcmp(spool.data, text, strlen(text)), 0);
	spool_free(&spool);
}

void
reads_not(struct item *item, enum status status, const char *what)
{
	struct spool spool;
	struct err err = {.what = ""};
	int fd;

	spool_init(&spool);
	ck_assert_int_eq(item_read(item, &spool, &fd, &err), status);
	ck_assert_str_eq(err.what, what);
	ck_assert_int_eq(fd, -1);
	spool_free(&spool);
}

void
drop_root(void)
{
	if (geteuid() != 0)
		return;
	ck_assert_int_eq(chown(top, 65534, 65534), 0);
	ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
}

void
settle_first(const char *text, enum status expected)
{
	struct source *source = open_source(text);
	struct item *item = first_of(source);
	struct err err = {.what = ""};
	enum status status = item_settle(item, FATE_STORED, &err);

	ck_assert_msg(status == expected, "%d: %s", (int)status, err.what);
	item_free(item);
	source_close(source);
}
