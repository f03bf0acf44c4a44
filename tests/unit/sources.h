/* sources: what the tests of src/source share: a world of files to read from, and asserts about items. */
#ifndef DMARCQ_TESTS_UNIT_SOURCES_H
#define DMARCQ_TESTS_UNIT_SOURCES_H

#include "source/source.h"

#include <limits.h>

extern char top[PATH_MAX]; /* the test's own folder, canonical */
extern struct limits limits;
extern struct source_options options;

/* A fresh folder that is also the current one, default limits and options; and away with it again. */
void set_up(void);
void tear_down(void);

void make_file(const char *path, const char *text);
/* A list that ends with NULL. */
void make_folders(const char *const *paths);
/* With cur/, new/ and tmp/. */
void make_maildir(const char *path);
/* Removes a folder with all that is in it. */
void remove_all(const char *path);
/* Asserts that a file is there with this text. */
void has_text(const char *path, const char *text);
bool exists(const char *path);
/* The path without the top folder. */
const char *below_top(const char *path);

struct source *open_source(const char *text);
/* The next item, which must be there. */
struct item *first_of(struct source *source);
/* All items as lines "folder|name" below top, " new" behind those of new/; troubles as "! where: what". */
const char *all_of(const char *text);
/* Assert what item_read gives. */
void reads(struct item *item, const char *text);
void reads_not(struct item *item, enum status status, const char *what);
/* Settles the first item of a source. */
void settle_first(const char *text, enum status expected);
/* Root may read anything: some tests go on as somebody else. */
void drop_root(void);

#endif
