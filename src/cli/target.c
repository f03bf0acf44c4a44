/* target: a temporary file beside the place of the final one, flushed to the disk before it is renamed. */
#include "cli/target.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WINDOW = 8 << 20, BEHIND = 4 * WINDOW };

enum status
target_failed(const struct target *target, int code, struct err *err)
{
	(void)err_stop(err, code == EACCES || code == EPERM ? EXIT_CODE_PERMISSION : EXIT_CODE_IO,
	    "cannot write: %s", strerror(code));
	return err_at(err, "%s", target->path);
}

static char *
joined(const char *a, const char *b)
{
	size_t size = strlen(a) + strlen(b) + 1;
	char *text = mem_alloc(size);

	(void)snprintf(text, size, "%s%s", a, b);
	return text;
}

enum status
target_open(struct target *target, const char *path, const char *suffix, struct err *err)
{
	struct stat there;

	*target = (struct target){.path = joined(path, suffix), .digest = sha256_begin()};
	if (stat(target->path, &there) == 0 && !S_ISREG(there.st_mode)) {
		(void)err_stop(err, EXIT_CODE_IO, "cannot write: not a plain file");
		return err_at(err, "%s", target->path);
	}
	target->temporary = joined(target->path, ".XXXXXX");
	target->fd = mkstemp(target->temporary);
	if (target->fd >= 0)
		return OK;
	free(target->temporary);
	target->temporary = NULL;
	return target_failed(target, errno, err);
}

/*
 * Has what is behind written to the disk while more is made, and out of memory when it is there. Otherwise
 * the system gathers gigabytes, which the end waits for, and pages taken anew for each of them cost more than
 * the copying.
 */
static void
write_behind(struct target *target)
{
	uint64_t from;

	if (target->bytes - target->sent < WINDOW)
		return;
	from = target->sent < BEHIND ? 0 : target->sent - BEHIND;
	(void)posix_fadvise(target->fd, (off_t)from, (off_t)(target->bytes - from), POSIX_FADV_DONTNEED);
	target->sent = target->bytes;
}

int
target_put(void *data, const char *bytes, size_t len)
{
	struct target *target = data;
	ssize_t n;

	sha256_add(target->digest, bytes, len);
	target->bytes += len;
	for (; len > 0; bytes += n, len -= (size_t)n) {
		n = write(target->fd, bytes, len);
		if (n < 0 && errno != EINTR)
			return errno;
		n = n < 0 ? 0 : n;
	}
	write_behind(target);
	return 0;
}

enum status
target_finish(char sha256[SHA256_TEXT], struct target *target, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int fd = target->fd;

	sha256_end(target->digest, digest);
	target->digest = NULL;
	sha256_text(sha256, digest);
	if (fsync(fd) != 0)
		return target_failed(target, errno, err);
	target->fd = -1;
	return close(fd) == 0 ? OK : target_failed(target, errno, err);
}

/* The name itself must be on the disk too. A folder that can't be opened or synced is none of ours. */
static void
sync_folder(const char *path)
{
	char *folder = mem_copy(path), *slash = strrchr(folder, '/');
	int fd;

	if (slash != NULL)
		slash[slash == folder] = '\0';
	fd = open(slash == NULL ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	free(folder);
}

enum status
target_name(struct target *target, struct err *err)
{
	if (rename(target->temporary, target->path) != 0)
		return target_failed(target, errno, err);
	free(target->temporary);
	target->temporary = NULL;
	sync_folder(target->path);
	return OK;
}

void
target_close(struct target *target)
{
	unsigned char ignored[SHA256_BYTES];

	if (target->path == NULL)
		return;
	if (target->temporary != NULL) {
		if (target->fd >= 0)
			(void)close(target->fd);
		(void)unlink(target->temporary);
	}
	if (target->digest != NULL)
		sha256_end(target->digest, ignored);
	free(target->temporary);
	free(target->path);
	*target = (struct target){0};
}
