/*
 * turn: two byte locks of one file. Byte 0 is the queue, byte 1 the turn: who wants the turn holds the queue
 * while it waits, so that the one who gives the turn away finds the queue taken and comes after the other.
 */
#include "store/turn.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE = 0, TURN = 1, PAUSE_NS = 2000000, STOP_SECONDS = 2 };

struct turn {
	int fd;
	uint64_t wait_seconds;
	bool (*stop)(void); /* may be NULL */
	char *path;
};

enum status
turn_open(struct turn **out, const char *db_path, uint64_t wait_seconds, bool (*stop)(void), struct err *err)
{
	size_t len = strlen(db_path) + sizeof "-turn";
	struct turn *turn = mem_zero(1, sizeof *turn);

	*out = NULL;
	turn->path = mem_alloc(len);
	(void)snprintf(turn->path, len, "%s-turn", db_path);
	turn->wait_seconds = wait_seconds;
	turn->stop = stop;
	turn->fd = open(turn->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (turn->fd < 0) {
		(void)err_stop(err, errno == EACCES || errno == EROFS ? EXIT_CODE_PERMISSION : EXIT_CODE_IO,
		    "%s", strerror(errno));
		(void)err_at(err, "%s", turn->path);
		turn_close(turn);
		return err->status;
	}
	*out = turn;
	return OK;
}

static int
lock(const struct turn *turn, off_t byte, short type)
{
	struct flock flock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	return fcntl(turn->fd, F_OFD_SETLK, &flock);
}

/* Whether who is to stop has waited long enough; *since: when that was seen first, 0 before. */
static bool
gives_up(const struct turn *turn, time_t *since, time_t now)
{
	if (turn->stop == NULL || !turn->stop())
		return false;
	if (*since == 0)
		*since = now;
	return now > *since + STOP_SECONDS;
}

static enum status
wait_for(struct turn *turn, off_t byte, const struct timespec *until, struct err *err)
{
	struct timespec now, pause = {0, PAUSE_NS};
	time_t stopped = 0;

	while (lock(turn, byte, F_WRLCK) != 0) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return err_stop(
			    err, EXIT_CODE_IO, "%s: cannot lock: %s", turn->path, strerror(errno));
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (gives_up(turn, &stopped, now.tv_sec))
			return err_stop(err, EXIT_CODE_TEMPORARY,
			    "%s: stopped by request while another import holds the database", turn->path);
		if (now.tv_sec > until->tv_sec)
			return err_stop(err, EXIT_CODE_TEMPORARY,
			    "%s: another import has held the database for %llu seconds (limit wait-seconds)",
			    turn->path, (unsigned long long)turn->wait_seconds);
		(void)nanosleep(&pause, NULL);
	}
	return OK;
}

enum status
turn_take(struct turn *turn, struct err *err)
{
	struct timespec until;
	enum status status;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)turn->wait_seconds;
	status = wait_for(turn, QUEUE, &until, err);
	if (status == OK)
		status = wait_for(turn, TURN, &until, err);
	(void)lock(turn, QUEUE, F_UNLCK);
	return status;
}

void
turn_give(struct turn *turn)
{
	(void)lock(turn, TURN, F_UNLCK);
}

void
turn_close(struct turn *turn)
{
	if (turn == NULL)
		return;
	if (turn->fd >= 0)
		(void)close(turn->fd);
	free(turn->path);
	free(turn);
}
