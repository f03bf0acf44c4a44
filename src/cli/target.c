/* target: written under another name in the same folder, so that whoever opens the file sees an old or a
 * whole one. */
#include "cli/target.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *
target_name(const struct target *target)
{
	return target->path == NULL ? "standard output" : target->path;
}

static enum status
target_failed(const struct target *target, struct err *err)
{
	int code = errno;

	(void)err_stop(err, code == EACCES || code == EPERM ? EXIT_CODE_PERMISSION : EXIT_CODE_IO,
	    "cannot write: %s", strerror(code));
	return err_at(err, "%s", target_name(target));
}

enum status
target_open(struct target *target, const char *path, FILE *out, struct err *err)
{
	static const char suffix[] = ".XXXXXX";
	size_t len;
	int fd;

	*target = (struct target){.path = path, .file = out};
	if (path == NULL)
		return OK;
	len = strlen(path);
	target->temporary = mem_alloc(len + sizeof suffix);
	memcpy(target->temporary, path, len);
	memcpy(target->temporary + len, suffix, sizeof suffix);
	if ((fd = mkstemp(target->temporary)) >= 0 && (target->file = fdopen(fd, "w")) != NULL)
		return OK;
	(void)target_failed(target, err);
	if (fd >= 0) {
		(void)close(fd);
		(void)unlink(target->temporary);
	}
	free(target->temporary);
	return err->status;
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
target_close(struct target *target, enum status status, struct err *err)
{
	if (target->path == NULL)
		return status;
	if (status == OK && (fflush(target->file) != 0 || fsync(fileno(target->file)) != 0))
		status = target_failed(target, err);
	if (fclose(target->file) != 0 && status == OK)
		status = target_failed(target, err);
	if (status == OK && rename(target->temporary, target->path) != 0)
		status = target_failed(target, err);
	if (status == OK)
		sync_folder(target->path);
	else
		(void)unlink(target->temporary);
	free(target->temporary);
	return status;
}
