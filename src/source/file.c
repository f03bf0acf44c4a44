/*
 * file: one file named by the user. A symbolic link is followed here, and here only: identity, moving and
 * deleting are those of the file behind it. Reading a file into a spool is here for all drivers.
 */
#include "base/mem.h"
#include "source/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file {
	struct source source;
	struct source_options options;
	char *path; /* canonical */
	bool done;
};

char *
path_join(const char *folder, const char *name)
{
	size_t folder_len = strlen(folder), name_len = strlen(name);
	char *path;

	if (folder_len > 0 && folder[folder_len - 1] == '/')
		folder_len--; /* the root folder */
	path = mem_alloc(folder_len + name_len + 2);
	memcpy(path, folder, folder_len);
	path[folder_len] = '/';
	memcpy(path + folder_len + 1, name, name_len + 1);
	return path;
}

static bool
file_takes(const char *text, const struct account *account)
{
	struct stat st;

	(void)account;
	return stat(text, &st) == 0 && S_ISREG(st.st_mode);
}

static enum status
file_open(struct source **source, const char *text, const struct source_options *options, struct err *err)
{
	char *path = realpath(text, NULL);
	struct file *file;

	if (path == NULL || access(path, R_OK) != 0) {
		(void)err_stop(err, exit_code_of(errno), "%s", strerror(errno));
		free(path);
		return err_at(err, "%s", text);
	}
	file = mem_zero(1, sizeof *file);
	file->source.class = &file_source;
	file->options = *options;
	file->path = path;
	*source = &file->source;
	return OK;
}

static enum status
file_next(struct source *source, struct item **item, struct err *err)
{
	struct file *file = (struct file *)source;
	char *slash = strrchr(file->path, '/'), *folder;
	struct stat st;

	if (file->done)
		return SKIP;
	file->done = true;
	if (lstat(file->path, &st) != 0) {
		(void)err_set(err, BAD, "%s", strerror(errno));
		return err_at(err, "%s", file->path);
	}
	folder = slash == file->path ? mem_copy("/") : mem_copy_n(file->path, (size_t)(slash - file->path));
	*item = item_new(source, folder, slash + 1, file->path, &st);
	free(folder);
	return OK;
}

/* Straight into the spool's memory; false when there is more than spool_memory bytes, or *error is set. */
static bool
read_small(int fd, uint64_t size, uint64_t most, struct spool *spool, int *error)
{
	ssize_t n;

	for (;;) {
		if (spool->len == spool->cap || spool->cap <= size) {
			spool->cap = spool->cap <= size ? (size_t)size + 1 : spool->cap * 2;
			spool->data = mem_grow(spool->data, spool->cap);
		}
		n = read(fd, spool->data + spool->len, spool->cap - (size_t)spool->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			*error = n < 0 ? errno : 0;
			return n == 0;
		}
		spool->len += (size_t)n;
		if (spool->len > most) /* it grew while it was read */
			return false;
	}
}

static enum status
read_opened(
    int *fd, int opened, const struct limits *limits, struct spool *spool, int *error, struct err *err)
{
	struct stat st;

	*error = 0;
	if (fstat(opened, &st) != 0) {
		*error = errno;
		return err_set(err, BAD, "cannot read: %s", strerror(errno));
	}
	if (!S_ISREG(st.st_mode))
		return err_set(err, BAD, "is no longer a file");
	if ((uint64_t)st.st_size > limits->input_bytes)
		return err_set(err, LIMIT, "%llu bytes, more than input-bytes allows (%llu)",
		    (unsigned long long)st.st_size, (unsigned long long)limits->input_bytes);
	if ((uint64_t)st.st_size <= limits->spool_memory &&
	    read_small(opened, (uint64_t)st.st_size, limits->spool_memory, spool, error))
		return OK;
	spool_clear(spool);
	if (*error != 0)
		return err_set(err, BAD, "cannot read: %s", strerror(*error));
	*fd = opened;
	return OK;
}

enum status
file_read(
    const char *path, const struct limits *limits, struct spool *spool, int *fd, int *error, struct err *err)
{
	/* O_NONBLOCK: a pipe that took the file's place must not stop the run. */
	int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	enum status status;

	if (opened < 0) {
		*error = errno;
		return err_set(err, BAD, "cannot open: %s", strerror(errno));
	}
	status = read_opened(fd, opened, limits, spool, error, err);
	if (*fd != opened)
		(void)close(opened);
	return status;
}

static enum status
file_read_item(struct source *source, struct item *item, struct spool *spool, int *fd, struct err *err)
{
	int error;

	return file_read(item->path, ((struct file *)source)->options.limits, spool, fd, &error, err);
}

static enum status
file_settle_item(struct source *source, const struct item *item, enum fate fate, struct err *err)
{
	if (fate == FATE_CUT)
		return OK;
	return file_settle(item, &((struct file *)source)->options, err);
}

static uint64_t
file_total(const struct source *source)
{
	(void)source;
	return 1;
}

static void
file_close(struct source *source)
{
	struct file *file = (struct file *)source;

	free(file->path);
	free(file);
}

const struct source_class file_source = {
    .name = "file",
    .takes = file_takes,
    .open = file_open,
    .next = file_next,
    .read = file_read_item,
    .settle = file_settle_item,
    .total = file_total,
    .close = file_close,
};
