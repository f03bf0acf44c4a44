/*
 * command: posix_spawn of /bin/sh, its output through a pipe, an end to its time. Nothing of the output goes
 * anywhere but to the caller.
 */
#include "mailbox/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_MS = 10 };

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* As a program that a shell starts: no open file of ours, every signal at its default. */
static int
spawn(pid_t *pid, const char *command, int out)
{
	static char shell[] = "sh", option[] = "-c";
	char *text = strdup(command);
	char *arguments[] = {shell, option, text, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t signals;
	int bad = text == NULL ? ENOMEM : 0;

	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawnattr_init(&attributes);
	(void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	(void)posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	(void)sigfillset(&signals);
	(void)posix_spawnattr_setsigdefault(&attributes, &signals);
	(void)sigemptyset(&signals);
	(void)posix_spawnattr_setsigmask(&attributes, &signals);
	(void)posix_spawnattr_setpgroup(&attributes, 0);
	(void)posix_spawnattr_setflags(
	    &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	if (bad == 0)
		bad = posix_spawn(pid, "/bin/sh", &files, &attributes, arguments, environ);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
	free(text);
	return bad;
}

/* Reads until the end of the output; false: the time is over. */
static bool
drain(char *to, size_t max, size_t *len, int fd, int64_t end)
{
	struct pollfd poller = {.fd = fd, .events = POLLIN};
	char rest[512];
	bool keep;
	int64_t left;
	ssize_t n;

	for (;;) {
		left = end - now_ms();
		if (left <= 0)
			return false;
		if (poll(&poller, 1, (int)left) <= 0)
			continue;
		keep = *len < max;
		n = read(fd, keep ? to + *len : rest, keep ? max - *len : sizeof rest);
		if (n == 0)
			return true;
		if (n > 0 && keep)
			*len += (size_t)n;
		if (!keep)
			explicit_bzero(rest, sizeof rest);
	}
}

/* Its output has ended, mostly because it has. False: the time is over. */
static bool
wait_end(pid_t pid, int *how, int64_t end)
{
	const struct timespec pause = {0, PAUSE_MS * 1000000};
	pid_t got;

	for (;;) {
		got = waitpid(pid, how, WNOHANG);
		if (got == pid)
			return true;
		if (now_ms() >= end)
			return false;
		(void)nanosleep(&pause, NULL);
	}
}

static enum status
judge(int how, struct err *err)
{
	if (WIFSIGNALED(how))
		return err_stop(err, EXIT_CODE_CONFIG, "the command was ended by signal %d", WTERMSIG(how));
	if (WEXITSTATUS(how) == 0)
		return OK;
	return err_stop(err, WEXITSTATUS(how) == EXIT_CODE_TEMPORARY ? EXIT_CODE_TEMPORARY : EXIT_CODE_CONFIG,
	    "the command ended with %d", WEXITSTATUS(how));
}

enum status
command_output(char *to, size_t max, size_t *len, const char *command, unsigned seconds, struct err *err)
{
	int64_t end = now_ms() + (int64_t)seconds * 1000;
	int ends[2], bad, how = 0;
	bool ended;
	pid_t pid;

	*len = 0;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_stop(err, EXIT_CODE_CONFIG, "no pipe for the command: %s", strerror(errno));
	bad = spawn(&pid, command, ends[1]);
	(void)close(ends[1]);
	if (bad != 0) {
		(void)close(ends[0]);
		return err_stop(err, EXIT_CODE_CONFIG, "cannot start /bin/sh: %s", strerror(bad));
	}
	ended = drain(to, max, len, ends[0], end) && wait_end(pid, &how, end);
	(void)close(ends[0]);
	if (!ended) {
		(void)kill(-pid, SIGKILL);
		while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
			continue;
		return err_stop(err, EXIT_CODE_TEMPORARY, "the command took longer than %u seconds", seconds);
	}
	return judge(how, err);
}
