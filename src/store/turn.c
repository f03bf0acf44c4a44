/*
 * turn: byte locks of one file. Byte 0 is the queue, byte 1 the turn: who wants the turn holds the queue
 * while it waits, so that the one who gives the turn away finds the queue taken and comes after the other.
 * The bytes from 2 on are places, each at the hash of its name; the file is not as long as that.
 */
#include "store/turn.h"

#include "base/digest.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE = 0, TURN = 1, PLACES = 2, PAUSE_NS = 2000000, HOLD_PAUSE_NS = 50000000, STOP_SECONDS = 3 };

struct turn {
	int fd;
	uint64_t wait_seconds;
	bool (*stop)(void); /* may be NULL */
	char *path;
	bool holding; /* turn_hold was called, and may wait until then */
	struct timespec hold_until;
};

/* What is waited for. */
struct wait {
	off_t byte;
	const char *what; /* for people */
	long pause_ns;
	time_t stop_seconds; /* until who is to stop gives up */
	struct timespec until;
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
gives_up(const struct turn *turn, const struct wait *wait, time_t *since, time_t now)
{
	if (turn->stop == NULL || !turn->stop())
		return false;
	if (*since == 0)
		*since = now;
	return now >= *since + wait->stop_seconds;
}

static enum status
waited(const struct turn *turn, const struct wait *wait, struct err *err)
{
	if (turn->wait_seconds == 0)
		return err_stop(err, EXIT_CODE_TEMPORARY,
		    "another import holds %s, and nobody is to wait for it (limit wait-seconds=0)",
		    wait->what);
	return err_stop(err, EXIT_CODE_TEMPORARY,
	    "another import has held %s for %llu second%s (limit wait-seconds)", wait->what,
	    (unsigned long long)turn->wait_seconds, turn->wait_seconds == 1 ? "" : "s");
}

static enum status
wait_for(struct turn *turn, const struct wait *wait, struct err *err)
{
	const struct timespec pause = {0, wait->pause_ns};
	struct timespec now;
	time_t stopped = 0;

	while (lock(turn, wait->byte, F_WRLCK) != 0) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return err_stop(err, EXIT_CODE_IO, "cannot lock: %s", strerror(errno));
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		if (gives_up(turn, wait, &stopped, now.tv_sec))
			return err_stop(err, EXIT_CODE_TEMPORARY,
			    "stopped by request while another import holds %s", wait->what);
		if (now.tv_sec > wait->until.tv_sec)
			return waited(turn, wait, err);
		(void)nanosleep(&pause, NULL);
	}
	return OK;
}

static struct timespec
end_of_wait(const struct turn *turn)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)turn->wait_seconds;
	return until;
}

enum status
turn_take(struct turn *turn, struct err *err)
{
	struct wait wait = {QUEUE, "the database", PAUSE_NS, STOP_SECONDS, end_of_wait(turn)};
	enum status status = wait_for(turn, &wait, err);

	wait.byte = TURN;
	if (status == OK)
		status = wait_for(turn, &wait, err);
	(void)lock(turn, QUEUE, F_UNLCK);
	return status == OK ? OK : err_at(err, "%s", turn->path);
}

enum status
turn_hold(struct turn *turn, const char *name, struct err *err)
{
	struct wait wait = {.what = "it", .pause_ns = HOLD_PAUSE_NS};
	uint64_t hash = hash64(name, strlen(name), 0);

	if (!turn->holding)
		turn->hold_until = end_of_wait(turn);
	turn->holding = true;
	wait.byte = PLACES + (off_t)(hash >> 2);
	wait.until = turn->hold_until;
	return wait_for(turn, &wait, err);
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
