/* place: the file and the folder of a database. access() is asked with the rights that an open() would have.
 */
#include "store/place.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum exit_code
exit_code_of(int error)
{
	if (error == EACCES || error == EPERM || error == EROFS)
		return EXIT_CODE_PERMISSION;
	return error == ENOSPC || error == EDQUOT || error == EIO ? EXIT_CODE_IO : EXIT_CODE_CONFIG;
}

static enum status
refused(struct err *err, const char *path, const char *what, int error)
{
	(void)err_stop(err, exit_code_of(error), "%s%s", what, strerror(error));
	return err_at(err, "%s", path);
}

static bool
may(const char *path, int access_mode)
{
	return faccessat(AT_FDCWD, path, access_mode, AT_EACCESS) == 0;
}

static char *
folder_of(const char *path)
{
	char *folder = mem_copy(path), *slash = strrchr(folder, '/');

	if (slash == NULL) {
		free(folder);
		return mem_copy(".");
	}
	slash[slash == folder] = '\0';
	return folder;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

enum status
place_make(const char *path, struct err *err)
{
	char *copy = mem_copy(path), *slash;
	enum status status = OK;
	int error;

	for (slash = strchr(copy + 1, '/'); slash != NULL && status == OK; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		error = mkdir(copy, 0700) == 0 ? 0 : errno;
		if (error != 0 && !is_folder(copy))
			status =
			    refused(err, copy, "cannot make the folder: ", error == EEXIST ? ENOTDIR : error);
		*slash = '/';
	}
	free(copy);
	return status;
}

/* SQLite writes beside the database too. */
static enum status
check_folder(const char *path, struct err *err)
{
	char *folder = folder_of(path);
	enum status status = OK;

	if (!may(folder, W_OK | X_OK))
		status = refused(err, folder, "cannot write in this folder: ", errno);
	free(folder);
	return status;
}

static enum status
not_there(const char *path, enum db_mode mode, int error, struct err *err)
{
	if (error != ENOENT)
		return refused(err, path, "", error);
	if (mode == DB_CREATE)
		return check_folder(path, err);
	(void)err_stop(err, EXIT_CODE_CONFIG, "there is no database yet: `dmarcq import` makes it");
	return err_at(err, "%s", path);
}

enum status
place_check(const char *path, enum db_mode mode, struct err *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return not_there(path, mode, errno, err);
	if (!S_ISREG(st.st_mode)) {
		(void)err_stop(err, EXIT_CODE_CONFIG, "this is not a file");
		return err_at(err, "%s", path);
	}
	if (!may(path, R_OK))
		return refused(err, path, "cannot read: ", errno);
	if (mode == DB_READ)
		return OK;
	return may(path, W_OK) ? check_folder(path, err) : refused(err, path, "cannot write: ", errno);
}

static bool
has_log(const char *path)
{
	size_t room = strlen(path) + sizeof "-wal";
	char *log = mem_alloc(room);
	struct stat st;
	bool has;

	(void)snprintf(log, room, "%s-wal", path);
	has = stat(log, &st) == 0 && st.st_size > 0;
	free(log);
	return has;
}

static bool
look(struct place_state *state, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*state = (struct place_state){st.st_dev, st.st_ino, st.st_size, st.st_mtim};
	return true;
}

/* The state first: who empties the log after that has written to the database. */
bool
place_is_frozen(struct place_state *state, const char *path)
{
	char *folder = folder_of(path);
	bool frozen = !may(folder, W_OK) && look(state, path) && !has_log(path);

	free(folder);
	return frozen;
}

bool
place_is_same(const char *path, const struct place_state *state)
{
	struct place_state now;

	return look(&now, path) && now.device == state->device && now.inode == state->inode &&
	       now.size == state->size && now.written.tv_sec == state->written.tv_sec &&
	       now.written.tv_nsec == state->written.tv_nsec && !has_log(path);
}

char *
place_frozen_uri(const char *path)
{
	static const char hex[] = "0123456789ABCDEF", tail[] = "?immutable=1";
	char *uri = mem_alloc(sizeof "file:" + strlen(path) * 3 + sizeof tail), *to = uri + 5;

	memcpy(uri, "file:", 5);
	for (; *path != '\0'; path++) {
		if (strchr("%?#", *path) == NULL && (unsigned char)*path > ' ') {
			*to++ = *path;
			continue;
		}
		*to++ = '%';
		*to++ = hex[(unsigned char)*path >> 4];
		*to++ = hex[(unsigned char)*path & 15];
	}
	memcpy(to, tail, sizeof tail);
	return uri;
}
