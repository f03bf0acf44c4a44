/*
 * source: finds the driver for a source text and passes calls on to it. A new kind of source is one file with
 * one const struct source_class, and one line here.
 */
#include "source/source.h"

#include "base/mem.h"
#include "source/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Asked in this order: a mailbox on a server is told by its account, a Maildir is a folder too. */
static const struct source_class *const classes[] = {
    &imap_source,
    &pop3_source,
    &stdin_source,
    &file_source,
    &maildir_source,
    &folder_source,
};

enum exit_code
exit_code_of(int error)
{
	return error == EACCES || error == EPERM ? EXIT_CODE_PERMISSION : EXIT_CODE_DATA;
}

enum status
source_open(struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	struct stat st;
	size_t i;

	*source = NULL;
	for (i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (classes[i]->takes(text, options->account))
			return classes[i]->open(source, text, options, err);
	if (stat(text, &st) != 0)
		(void)err_stop(err, exit_code_of(errno), "%s", strerror(errno));
	else
		(void)err_stop(
		    err, EXIT_CODE_DATA, "neither a file nor a folder; the source - reads from a pipe");
	return err_at(err, "%s", text);
}

enum status
source_next(struct source *source, struct item **item, struct err *err)
{
	*item = NULL;
	return source->class->next(source, item, err);
}

uint64_t
source_total(const struct source *source)
{
	return source->class->total(source);
}

void
source_close(struct source *source)
{
	if (source != NULL)
		source->class->close(source);
}

struct item *
item_new(struct source *source, const char *folder, const char *name, const char *path, const struct stat *st)
{
	struct item *item = mem_zero(1, sizeof *item);

	item->source = source;
	item->folder = mem_copy(folder);
	item->name = mem_copy(name);
	item->path = path == NULL ? NULL : mem_copy(path);
	spool_init(&item->bytes);
	if (st != NULL) {
		item->size = (uint64_t)st->st_size;
		item->inode = (uint64_t)st->st_ino;
		item->mtime = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
		item->remember = true;
	}
	return item;
}

enum status
item_read(struct item *item, struct spool *spool, int *fd, struct err *err)
{
	*fd = -1;
	if (item->source->class->read == NULL) {
		*spool = item->bytes;
		spool_init(&item->bytes);
		return OK;
	}
	return item->source->class->read(item->source, item, spool, fd, err);
}

enum status
item_settle(const struct item *item, enum fate fate, struct err *err)
{
	return item->source->class->settle(item->source, item, fate, err);
}

enum status
source_finish(struct source *source, struct err *err)
{
	return source->class->finish == NULL ? OK : source->class->finish(source, err);
}

void
item_free(struct item *item)
{
	if (item == NULL)
		return;
	free(item->folder);
	free(item->name);
	free(item->path);
	spool_free(&item->bytes);
	free(item);
}
