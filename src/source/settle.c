/*
 * settle: what happens to a plain file once what was in it is committed: moved or deleted, if the user asked
 * for it and if it still is the file that was read. Nothing is ever overwritten.
 */
#include "base/mem.h"
#include "source/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NUMBERS_MAX = 100000 }; /* .1 .2 ... of a name before giving up */

int
rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	/* The file system doesn't know that flag; a hard link doesn't overwrite either. */
	if (link(from, to) != 0 || unlink(from) != 0)
		return errno;
	return 0;
}

static int
copy_bytes(int from, int to)
{
	char chunk[65536];
	ssize_t n, done, m;

	while ((n = read(from, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		for (done = 0; done<n; done += m> 0 ? m : 0) {
			m = write(to, chunk + done, (size_t)(n - done));
			if (m < 0 && errno != EINTR)
				return errno;
		}
	}
	return 0;
}

static int
sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;

	if (fd < 0 || fsync(fd) != 0)
		error = errno;
	if (fd >= 0)
		(void)close(fd);
	return error;
}

/* To another file system: the original goes only when the copy is on disk. */
static int
copy_file(const char *from, const char *to, const char *to_folder, const struct stat *st)
{
	const struct timespec times[2] = {st->st_atim, st->st_mtim};
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), out, error;

	if (in < 0)
		return errno;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st->st_mode & 0777);
	if (out < 0) {
		error = errno;
		(void)close(in);
		return error;
	}
	error = copy_bytes(in, out);
	(void)fchmod(out, st->st_mode & 0777);
	(void)futimens(out, times);
	if (error == 0 && fsync(out) != 0)
		error = errno;
	if (close(out) != 0 && error == 0)
		error = errno;
	(void)close(in);
	if (error == 0)
		error = sync_folder(to_folder);
	if (error != 0)
		(void)unlink(to);
	else if (unlink(from) != 0)
		error = errno;
	return error;
}

static int
move_file(const struct item *item, const char *folder, const struct stat *st)
{
	char *path = path_join(folder, item->name), *numbered = mem_alloc(strlen(path) + 16);
	bool copy = false;
	int error = EEXIST, n = 0;

	(void)snprintf(numbered, strlen(path) + 16, "%s", path);
	while (error == EEXIST && n < NUMBERS_MAX) {
		error = copy ? copy_file(item->path, numbered, folder, st) : rename_new(item->path, numbered);
		if (error == EXDEV && !copy) {
			copy = true;
			error = EEXIST;
			continue;
		}
		if (error == EEXIST)
			(void)snprintf(numbered, strlen(path) + 16, "%s.%d", path, ++n);
	}
	free(numbered);
	free(path);
	return error;
}

static bool
same_folder(const char *a, const char *b)
{
	struct stat a_st, b_st;

	return stat(a, &a_st) == 0 && stat(b, &b_st) == 0 && a_st.st_dev == b_st.st_dev &&
	       a_st.st_ino == b_st.st_ino;
}

static bool
unchanged(const struct item *item, const struct stat *st)
{
	return S_ISREG(st->st_mode) && (uint64_t)st->st_ino == item->inode &&
	       (uint64_t)st->st_size == item->size &&
	       (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec == item->mtime;
}

enum status
file_settle(const struct item *item, const struct source_options *options, struct err *err)
{
	struct stat st;
	int error;

	if (options->settle == SETTLE_LEAVE)
		return OK;
	if (lstat(item->path, &st) != 0 || !unchanged(item, &st))
		return err_set(err, SKIP, "changed or gone since it was read; left alone");
	if (options->settle == SETTLE_DELETE) {
		if (unlink(item->path) != 0)
			return err_set(err, BAD, "cannot delete: %s", strerror(errno));
		return OK;
	}
	if (same_folder(item->folder, options->move_to))
		return OK;
	error = move_file(item, options->move_to, &st);
	if (error != 0)
		return err_set(err, BAD, "cannot move to %s: %s", options->move_to, strerror(error));
	return OK;
}
